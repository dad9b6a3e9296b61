//! The host: takes events, gives answers.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use futures_util::FutureExt as _;
use moonring_engine::{Input, KillWord, LogRecord, Step};
use moonring_store::Source;
use moonring_wire::{Answer, Event, EventType, Status};

use crate::redact::Redactor;
use crate::releases::Releases;
use crate::report::Report;
use crate::watchdog::{Watch, Watchdog};
use crate::{Arrival, Error, HardDeadline, LastWords, Services, Settings, fallback};

/// How long a look at the scripts may hold a call.
const HOLD: Duration = Duration::from_millis(150);
/// How long an event may be held where there is no release at all.
const HOLD_WITHOUT: Duration = Duration::from_millis(2500);

/// Everything between an event and its answer. One event at a time.
pub struct Host {
    script: String,
    settings: Settings,
    releases: Releases,
    services: Box<dyn Services>,
    watchdog: Watchdog,
    events: Cell<u64>,
}

/// What became of an event.
#[derive(Debug)]
pub struct Outcome {
    /// What is sent. Always a valid answer.
    pub answer: Answer,
    /// Why it is the fallback, if it is.
    pub error: Option<Error>,
}

/// What is known once a script was picked, whether or not it answered.
#[derive(Default)]
struct Run {
    release: Option<String>,
    log: Vec<LogRecord>,
}

impl Host {
    /// A host that reads its scripts from `source`; `script` answers every call.
    ///
    /// # Errors
    /// When the system gives no thread for the watchdog.
    pub fn new(
        settings: Settings,
        source: Arc<dyn Source>,
        script: &str,
        services: Box<dyn Services>,
    ) -> std::io::Result<Self> {
        let kill = KillWord::default();
        let releases = Releases::new(source, script.to_owned(), &settings, kill.clone());
        let watchdog = Watchdog::start(kill)?;
        Ok(Self { script: script.to_owned(), settings, releases, services, watchdog, events: Cell::new(0) })
    }

    /// Loads the release before the first event; gives up waiting after `most`. Whether there is a release now.
    pub async fn prepare(&self, most: Duration) -> bool {
        self.releases.refresh(most).await;
        self.releases.has_any()
    }

    /// Answers one event.
    pub async fn answer(&self, bytes: &[u8], arrival: Arrival) -> Outcome {
        let Arrival { at, hard, last_words } = arrival;
        let parsed = Event::parse(bytes);
        let event = parsed.as_ref().ok();
        let redactor = Redactor::new(event, self.settings.log_digits, self.settings.log_numbers);
        let watch = self.watch(hard, event, last_words);

        let mut run = Run::default();
        let result = match event {
            // The one catch: whatever breaks in here, the caller is answered.
            Some(event) => {
                AssertUnwindSafe(self.run(event, hard, &watch, &mut run)).catch_unwind().await.unwrap_or_else(|panic| {
                    self.discard_programs(event);
                    Err(Error::Panic(panic_text(panic.as_ref())))
                })
            }
            None => Ok(fallback(None)),
        };
        watch.end();

        let (answer, error) = match (result, parsed) {
            (Ok(answer), Ok(event)) => {
                self.forget_if_over(&event);
                return self.conclude(&run, Some(&event), answer, None, at, &redactor);
            }
            (Ok(answer), Err(error)) => (answer, Error::Event(error)),
            (Err(error), Ok(event)) => {
                let answer = fallback(Some(&event));
                self.forget_if_over(&event);
                return self.conclude(&run, Some(&event), answer, Some(error), at, &redactor);
            }
            (Err(error), Err(_)) => (fallback(None), error),
        };
        self.conclude(&run, None, answer, Some(error), at, &redactor)
    }

    fn watch(&self, hard: HardDeadline, event: Option<&Event>, last_words: LastWords) -> Watch<'_> {
        let number = self.events.get() + 1;
        self.events.set(number);
        let words = fallback(event).to_bytes();
        self.watchdog.watch(number, hard.at(), words, last_words)
    }

    async fn run(&self, event: &Event, hard: HardDeadline, watch: &Watch<'_>, run: &mut Run) -> Result<Answer, Error> {
        self.look_at_scripts(event, hard).await;
        let call = event.call_id().unwrap_or_default();
        let (release, loaded) = self.releases.of_call(call).ok_or(Error::NoRelease)?;
        run.release = Some(release.to_string());
        let program = self.releases.program(&loaded)?;

        let mut left = self.settings.script_deadline;
        let now_seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.as_secs());
        let input = Input {
            number: self.events.get(),
            event,
            script: &self.script,
            release: release.as_str(),
            now_seconds: i64::try_from(now_seconds).unwrap_or(i64::MAX),
        };
        let mut started = Instant::now();
        watch.script_until(hard.script(started, left));
        let mut turn = program.start(input);
        loop {
            run.log.append(&mut turn.log);
            left = left.saturating_sub(started.elapsed());
            watch.script_rests();
            match turn.result? {
                Step::Answer(answer) => return Ok(answer),
                Step::Requests(suspended) => {
                    let replies = self.services.carry_out(suspended.requests()).await;
                    started = Instant::now();
                    watch.script_until(hard.script(started, left));
                    turn = suspended.resume(replies);
                }
            }
        }
    }

    /// The scripts are looked at when a call begins, and whenever there are none.
    async fn look_at_scripts(&self, event: &Event, hard: HardDeadline) {
        let is_first = matches!(event.event_type(), EventType::NewInboundCall | EventType::NewOutboundCall);
        if !self.releases.has_any() {
            self.releases.refresh(hard.wait(Instant::now(), HOLD_WITHOUT)).await;
        } else if is_first {
            self.releases.refresh(hard.wait(Instant::now(), HOLD)).await;
        } else {
            self.releases.catch_up().await;
        }
    }

    /// A call none of whose legs is up has no more events.
    fn forget_if_over(&self, event: &Event) {
        let is_over = event.event_type() == EventType::Hangup
            && event.participants().all(|leg| leg.status() == Status::Disconnected);
        if let Some(call) = event.call_id().filter(|_| is_over) {
            self.releases.forget(call);
        }
    }

    /// After a panic nothing is known of the VM that ran.
    fn discard_programs(&self, event: &Event) {
        if let Some((_, loaded)) = self.releases.of_call(event.call_id().unwrap_or_default()) {
            self.releases.discard(&loaded);
        }
    }

    fn conclude(
        &self,
        run: &Run,
        event: Option<&Event>,
        answer: Answer,
        error: Option<Error>,
        at: Instant,
        redactor: &Redactor,
    ) -> Outcome {
        let report = Report {
            event,
            script: &self.script,
            release: run.release.as_deref(),
            answer: &answer,
            error: error.as_ref(),
            took: at.elapsed(),
            redactor,
        };
        report.write_log(&run.log);
        report.write();
        Outcome { answer, error }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panic").to_owned()
}
