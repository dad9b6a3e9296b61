//! The watchdog: a thread that only watches. Scripts run on the thread that took the event, so that
//! an event costs no hand-over.
//!
//! At the script deadline it stores the event's number in the cancel flag. At the hard deadline,
//! where no kill reaches (a script inside one native call), it speaks the fallback itself, through
//! the event's last words, and these end the process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use moonring_engine::CancelFlag;
use moonring_wire::Event;

use crate::event::event_log::HardDeadlineLine;
use crate::fallback;

/// How an event is answered without the help of the thread that is stuck.
pub trait EmergencyReply: Send {
    /// Sends the answer.
    ///
    /// # Errors
    /// Why it could not be sent, for the log.
    fn speak(&mut self, answer: &[u8]) -> Result<(), String>;

    /// Ends the process: the thread that is stuck cannot be ended by itself.
    fn end(self: Box<Self>);
}

/// What is done at the hard deadline.
pub(crate) struct Emergency {
    /// The event, as far as it could be read.
    pub(crate) event: Option<Arc<Event>>,
    pub(crate) reply: Box<dyn EmergencyReply>,
    pub(crate) line: HardDeadlineLine,
}

/// No event is being watched.
const IDLE: u64 = 0;
/// The watchdog has taken the answer of the event into its own hands.
const TAKEN: u64 = u64::MAX;
/// No moment.
const NEVER: u64 = u64::MAX;

/// The thread's other end. Dropping it leaves the thread idle.
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
    thread: Thread,
}

struct Shared {
    /// Moments are counted in microseconds from here.
    base: Instant,
    cancel: CancelFlag,
    /// The number of the event that is watched. Who takes it from here answers the event: there
    /// is only one answer.
    event: AtomicU64,
    script_at: AtomicU64,
    hard_at: AtomicU64,
    /// When the thread looks next; only an earlier moment has to wake it.
    look_at: AtomicU64,
    emergency: Mutex<Option<Emergency>>,
}

impl Watchdog {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(cancel: CancelFlag) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            base: Instant::now(),
            cancel,
            event: AtomicU64::new(IDLE),
            script_at: AtomicU64::new(NEVER),
            hard_at: AtomicU64::new(NEVER),
            look_at: AtomicU64::new(NEVER),
            emergency: Mutex::new(None),
        });
        let watched = Arc::clone(&shared);
        let handle =
            thread::Builder::new().name("watchdog".to_owned()).spawn(move || watched.watch())?;
        Ok(Self { shared, thread: handle.thread().clone() })
    }

    /// Watches an event until the returned watch ends; `emergency` is what happens at `hard`.
    pub(crate) fn watch(&self, event: u64, hard: Instant, emergency: Emergency) -> Watch<'_> {
        let shared = &self.shared;
        *shared.emergency.lock().unwrap_or_else(PoisonError::into_inner) = Some(emergency);
        shared.script_at.store(NEVER, Ordering::SeqCst);
        shared.hard_at.store(shared.micros(hard), Ordering::SeqCst);
        shared.event.store(event, Ordering::SeqCst);
        let watch = Watch { watchdog: self, event };
        watch.wake_before(hard);
        watch
    }
}

/// An event that is being watched.
pub(crate) struct Watch<'a> {
    watchdog: &'a Watchdog,
    event: u64,
}

impl Watch<'_> {
    /// The script runs, until this moment at the latest.
    pub(crate) fn script_until(&self, moment: Instant) {
        let shared = &self.watchdog.shared;
        shared.script_at.store(shared.micros(moment), Ordering::SeqCst);
        self.wake_before(moment);
    }

    /// The script waits for something outside; that is not its own time.
    pub(crate) fn script_rests(&self) {
        self.watchdog.shared.script_at.store(NEVER, Ordering::SeqCst);
    }

    /// Ends the watch. Where the watchdog has already answered the event this never returns: the
    /// process is about to end.
    pub(crate) fn end(self) {
        let taken = self.watchdog.shared.event.compare_exchange(
            self.event,
            IDLE,
            Ordering::SeqCst,
            Ordering::SeqCst,
        );
        while taken.is_err() {
            thread::park();
        }
    }

    /// Wakes the thread if it would look only after this moment. Under steady traffic it never
    /// would: it still sleeps for an earlier event.
    fn wake_before(&self, moment: Instant) {
        let shared = &self.watchdog.shared;
        if shared.micros(moment) < shared.look_at.load(Ordering::SeqCst) {
            self.watchdog.thread.unpark();
        }
    }
}

impl Shared {
    fn watch(&self) {
        loop {
            let look_at = self.look();
            self.look_at.store(look_at, Ordering::SeqCst);
            // What came between the look and the store has not seen the new moment: look again.
            if self.look() != look_at {
                continue;
            }
            match look_at {
                NEVER => thread::park(),
                moment => {
                    let now = self.micros(Instant::now());
                    thread::park_timeout(Duration::from_micros(moment.saturating_sub(now)));
                }
            }
        }
    }

    /// Does what is due, and says when to look again.
    fn look(&self) -> u64 {
        let event = self.event.load(Ordering::SeqCst);
        if matches!(event, IDLE | TAKEN) {
            return NEVER;
        }
        let (script_at, hard_at) =
            (self.script_at.load(Ordering::SeqCst), self.hard_at.load(Ordering::SeqCst));
        let now = self.micros(Instant::now());
        if now >= hard_at {
            self.answer(event);
            return NEVER;
        }
        if now < script_at {
            return script_at.min(hard_at);
        }
        // The moments may belong to an event that began after the number was read: then the number
        // is no longer the event's, and the cancel flag stops nobody.
        self.cancel.cancel(event);
        hard_at
    }

    fn answer(&self, event: u64) {
        // Who wins sends the one answer. The host may have won just now, with another event at
        // hand since.
        if self.event.compare_exchange(event, TAKEN, Ordering::SeqCst, Ordering::SeqCst).is_err() {
            return;
        }
        let emergency = self.emergency.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Emergency { event, mut reply, line }) = emergency {
            let unsent = reply.speak(&fallback(event.as_deref()).to_bytes()).err();
            line.write(event.as_deref(), unsent);
            reply.end();
        }
    }

    fn micros(&self, moment: Instant) -> u64 {
        let micros = moment.saturating_duration_since(self.base).as_micros();
        u64::try_from(micros).unwrap_or(NEVER - 1)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Last words that a test hears.
    struct Told(mpsc::Sender<Vec<u8>>);

    impl EmergencyReply for Told {
        fn speak(&mut self, answer: &[u8]) -> Result<(), String> {
            self.0.send(answer.to_vec()).map_err(|error| error.to_string())
        }

        fn end(self: Box<Self>) {}
    }

    const NOW: Duration = Duration::ZERO;
    const LATER: Duration = Duration::from_secs(3600);

    fn watch<'a>(
        watchdog: &'a Watchdog,
        event: u64,
        script: Duration,
        hard: Duration,
    ) -> (Watch<'a>, mpsc::Receiver<Vec<u8>>) {
        let (sender, receiver) = mpsc::channel();
        let emergency = Emergency {
            event: None,
            reply: Box::new(Told(sender)),
            line: HardDeadlineLine { script: Arc::default(), at: Instant::now() },
        };
        let at = Instant::now();
        let watch = watchdog.watch(event, at + hard, emergency);
        watch.script_until(at + script);
        (watch, receiver)
    }

    /// Waits for the watchdog, not for a time: a test that hangs here has found a fault.
    fn wait_until_cancelled(cancel: &CancelFlag, event: u64) {
        while !cancel.is_cancelled(event) {
            thread::yield_now();
        }
    }

    #[test]
    fn the_script_deadline_kills_the_event_and_no_other() {
        let cancel = CancelFlag::default();
        let watchdog = Watchdog::start(cancel.clone()).unwrap();
        let (first, words) = watch(&watchdog, 1, NOW, LATER);
        wait_until_cancelled(&cancel, 1);
        first.end();
        let (second, _) = watch(&watchdog, 2, LATER, LATER);
        assert!(!cancel.is_cancelled(2));
        second.end();
        assert!(words.try_recv().is_err());
    }

    #[test]
    fn at_the_hard_deadline_the_fallback_is_spoken_without_the_host() {
        let watchdog = Watchdog::start(CancelFlag::default()).unwrap();
        let (_stuck, words) = watch(&watchdog, 1, NOW, NOW);
        assert_eq!(words.recv().unwrap(), fallback(None).to_bytes());
    }

    #[test]
    fn an_earlier_moment_wakes_a_watchdog_that_sleeps_for_a_later_one() {
        let cancel = CancelFlag::default();
        let watchdog = Watchdog::start(cancel.clone()).unwrap();
        watch(&watchdog, 1, LATER, LATER).0.end();
        let (short, _words) = watch(&watchdog, 2, NOW, LATER);
        wait_until_cancelled(&cancel, 2);
        short.end();
    }

    #[test]
    fn a_script_that_rests_is_not_killed_until_it_runs_again() {
        let cancel = CancelFlag::default();
        let watchdog = Watchdog::start(cancel.clone()).unwrap();
        let (resting, _words) = watch(&watchdog, 1, LATER, LATER);
        resting.script_rests();
        assert!(!cancel.is_cancelled(1));
        resting.script_until(Instant::now());
        wait_until_cancelled(&cancel, 1);
        resting.end();
        // The same again, with a script whose time is up while it rests: only the hard deadline
        // counts.
        let (resting, words) = watch(&watchdog, 2, LATER, Duration::from_millis(20));
        resting.script_rests();
        assert_eq!(words.recv().unwrap(), fallback(None).to_bytes());
        assert!(!cancel.is_cancelled(2));
    }

    #[test]
    fn many_short_events_are_watched_and_none_is_cancelled() {
        let cancel = CancelFlag::default();
        let watchdog = Watchdog::start(cancel.clone()).unwrap();
        for event in 1..10_000 {
            watch(&watchdog, event, LATER, LATER).0.end();
            assert!(!cancel.is_cancelled(event));
        }
    }
}
