//! The host: takes events, gives answers.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use futures_util::FutureExt as _;
use moonring_engine::{Error as ScriptError, Input, KillWord, LogRecord, Place, Program, Step};
use moonring_store::Source;
use moonring_wire::{Answer, Event, EventType, Status};

use crate::answered::Answered;
use crate::fallback::planned_fallback;
use crate::redact::Redactor;
use crate::releases::Releases;
use crate::report::{HardDeadlineReport, Report};
use crate::route::Chosen;
use crate::watchdog::{Farewell, Watch, Watchdog};
use crate::{Arrival, Error, HardDeadline, Services, Settings, fallback};

/// How long a look at the scripts may hold a call.
const HOLD: Duration = Duration::from_millis(150);
/// How long an event may be held where there is no release at all.
const HOLD_WITHOUT: Duration = Duration::from_millis(2500);

/// The largest answer, in bytes. Lambda takes 6 MB; ten actions with every text as long as the service allows have a tenth of this.
const ANSWER_BYTES: usize = 256 * 1024;

/// Everything between an event and its answer. One event at a time.
pub struct Host {
    /// The script that answers whatever the routes say.
    forced: Option<String>,
    settings: Settings,
    releases: Releases,
    services: Box<dyn Services>,
    watchdog: Watchdog,
    events: Cell<u64>,
    answered: Answered,
}

/// What became of an event.
#[derive(Debug)]
pub struct Outcome {
    /// What is sent. Always a valid answer.
    pub answer: Answer,
    /// Why it is the fallback, if it is.
    pub error: Option<Error>,
    /// Whether the service shall rather try its next application, as the routes say.
    pub fails_over: bool,
}

/// The invocation fails on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the script failed at a new call, and the routes leave it to the next SIP media application")]
pub struct Failover;

impl Outcome {
    /// The answer, or the failure that makes the service try its next application.
    ///
    /// # Errors
    /// [`Failover`], where the routes ask for it.
    pub fn into_answer(self) -> Result<Answer, Failover> {
        if self.fails_over { Err(Failover) } else { Ok(self.answer) }
    }
}

/// What is known once a script was picked, whether or not it answered.
#[derive(Default)]
struct Run {
    release: Option<String>,
    chosen: Option<Chosen>,
    log: Vec<LogRecord>,
    /// Where the actions of the answer were built.
    places: Vec<(String, Place)>,
}

impl Host {
    /// A host that reads its scripts from `source`. `forced` answers every call; without it the release's routes say which script does, and
    /// without routes `main`.
    ///
    /// # Errors
    /// When the system gives no thread for the watchdog.
    pub fn new(
        settings: Settings,
        source: Arc<dyn Source>,
        forced: Option<&str>,
        services: Box<dyn Services>,
    ) -> std::io::Result<Self> {
        let kill = KillWord::default();
        let releases = Releases::new(source, forced.map(str::to_owned), &settings, kill.clone());
        let watchdog = Watchdog::start(kill)?;
        Ok(Self {
            forced: forced.map(str::to_owned),
            settings,
            releases,
            services,
            watchdog,
            events: Cell::new(0),
            answered: Answered::default(),
        })
    }

    /// Loads the release before the first event; gives up waiting after `most`. Whether there is a release now.
    pub async fn prepare(&self, most: Duration) -> bool {
        self.releases.refresh(most).await;
        self.releases.has_any()
    }

    /// Answers one event.
    pub async fn answer(&self, bytes: &[u8], arrival: Arrival) -> Outcome {
        let Arrival { at, hard, last_words } = arrival;
        let parsed = Event::parse(bytes).map(Arc::new);
        // Who is on the line can mostly be told even where the rest cannot be read.
        let salvaged = if parsed.is_err() { Event::salvage(bytes).map(Arc::new) } else { None };
        let event = parsed.as_ref().ok().or(salvaged.as_ref());
        let script = Arc::new(OnceLock::new());
        let report = HardDeadlineReport { script: Arc::clone(&script), at };
        let watch = self.watch(hard, Farewell { event: event.cloned(), words: last_words, report });
        let event = event.map(Arc::as_ref);

        let mut run = Run::default();
        let result = match &parsed {
            // The one catch: whatever breaks in here, the caller is answered.
            Ok(event) => AssertUnwindSafe(self.run(event, hard, (&watch, &script), &mut run))
                .catch_unwind()
                .await
                .unwrap_or_else(|panic| {
                    self.discard_program(event);
                    Err(Error::Panic(panic_text(panic.as_ref())))
                }),
            Err(_) => Ok(fallback(event)),
        };
        let (answer, error) = match result {
            Ok(answer) => (answer, parsed.as_ref().err().map(|error| Error::Event(error.to_string()))),
            // Whoever sent it is told nothing, not even an apology.
            Err(error @ Error::Stranger(_)) => (Answer::keep(event), Some(error)),
            Err(error) => {
                let plan = run.chosen.as_ref().and_then(|chosen| chosen.plan.as_ref());
                (planned_fallback(event, plan), Some(error))
            }
        };
        let refused = event.and_then(|event| self.answered.refused(event));
        if let Some(event) = event {
            self.answered.remember(event, std::mem::take(&mut run.places));
            self.forget_if_over(event);
        }
        self.report(&run, event, (&answer, refused.as_deref()), error.as_ref(), at);
        watch.end();
        let fails_over = error.is_some() && run.chosen.is_some_and(|chosen| chosen.fails_over);
        Outcome { answer, error, fails_over }
    }

    fn watch(&self, hard: HardDeadline, farewell: Farewell) -> Watch<'_> {
        let number = self.events.get() + 1;
        self.events.set(number);
        self.watchdog.watch(number, hard.at(), farewell)
    }

    async fn run(
        &self,
        event: &Arc<Event>,
        hard: HardDeadline,
        (watch, script): (&Watch<'_>, &OnceLock<String>),
        run: &mut Run,
    ) -> Result<Answer, Error> {
        if let Some(why) = self.settings.stranger(event) {
            return Err(Error::Stranger(why));
        }
        self.look_at_scripts(event, hard).await;
        let (release, loaded) = self.releases.of_call(event.call_id()).ok_or(Error::NoRelease)?;
        run.release = Some(release.to_string());
        let chosen = run.chosen.insert(Chosen::new(loaded.compiled(), event, self.forced.as_deref())).clone();
        // A script that is stuck can then be named.
        drop(script.set(chosen.script.clone()));
        let mut left = self.settings.script_deadline;
        loop {
            let program = self.releases.program(&loaded)?;
            let is_fresh = program.events() == 0;
            let mut asked = false;
            let result = self.script(&program, event, hard, watch, run, (&mut left, &mut asked)).await;
            if program.is_spent() {
                self.releases.discard(&loaded);
            }
            match result {
                // The memory may have been used up by what earlier events left behind: once more, alone, in a fresh VM, unless the
                // script has already done something outside.
                Err(Error::Script(ScriptError::Memory { .. })) if !is_fresh && !asked => run.log.clear(),
                result => {
                    let mut answer = result?;
                    if self.forced.is_none() && loaded.compiled().routes().is_some() {
                        chosen.keep(event, &mut answer);
                    }
                    return within_size(answer);
                }
            }
        }
    }

    /// Runs the script until it answers, carrying out what it asks for. `left` is the time the script may still use, `asked` whether
    /// it asked for anything.
    async fn script(
        &self,
        program: &Program,
        event: &Arc<Event>,
        hard: HardDeadline,
        watch: &Watch<'_>,
        run: &mut Run,
        (left, asked): (&mut Duration, &mut bool),
    ) -> Result<Answer, Error> {
        let now_seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.as_secs());
        let input = Input {
            number: self.events.get(),
            event,
            script: run.chosen.as_ref().map_or("main", |chosen| chosen.script.as_str()),
            release: run.release.as_deref().unwrap_or_default(),
            now_seconds: i64::try_from(now_seconds).unwrap_or(i64::MAX),
        };
        let mut started = Instant::now();
        watch.script_until(hard.script(started, *left));
        let mut turn = program.start(input);
        loop {
            run.log.append(&mut turn.log);
            run.places.append(&mut turn.places);
            *left = left.saturating_sub(started.elapsed());
            watch.script_rests();
            match turn.result? {
                Step::Answer(answer) => return Ok(answer),
                Step::Requests(suspended) => {
                    *asked = true;
                    let replies = self.services.carry_out(suspended.requests()).await;
                    started = Instant::now();
                    watch.script_until(hard.script(started, *left));
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
    fn discard_program(&self, event: &Event) {
        if let Some((_, loaded)) = self.releases.of_call(event.call_id()) {
            self.releases.discard(&loaded);
        }
    }

    fn report(
        &self,
        run: &Run,
        event: Option<&Event>,
        (answer, refused): (&Answer, Option<&str>),
        error: Option<&Error>,
        at: Instant,
    ) {
        let redactor = Redactor::new(event, self.settings.log_digits, self.settings.log_numbers);
        let release = run.release.as_deref();
        let script = run.chosen.as_ref().map(|chosen| chosen.script.as_str());
        let report = Report { event, script, release, answer, refused, error, took: at.elapsed(), redactor: &redactor };
        report.write_log(&run.log);
        report.write();
    }
}

/// An answer that is too large to be sent is none.
fn within_size(answer: Answer) -> Result<Answer, Error> {
    match answer.to_bytes().len() {
        bytes if bytes > ANSWER_BYTES => {
            let message = format!("the answer has {bytes} bytes; the most is {ANSWER_BYTES}");
            Err(Error::Script(ScriptError::Answer { place: None, message }))
        }
        _ => Ok(answer),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panic").to_owned()
}
