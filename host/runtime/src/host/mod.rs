//! The host: takes events, gives answers.

mod keep;

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use futures_util::FutureExt as _;
use moonring_engine::{
    Error as ScriptError, Input, KillWord, LogRecord, Place, Program, Station, Step, broken_journal,
};
use moonring_store::Source;
use moonring_wire::{Answer, Event, EventType, Status};

use crate::answered::Answered;
use crate::fallback::{legs_up, planned_fallback};
use crate::kept::Kept;
use crate::lines::{Lines, Picked};
use crate::names::Names;
use crate::once::{Outside, once};
use crate::redact::Redactor;
use crate::repeats::{Fingerprint, Repeats};
use crate::report::{HardDeadlineReport, Report, told};
use crate::silence::is_silent;
use crate::spill::Spill;
use crate::watchdog::{Farewell, Watch, Watchdog};
use crate::{Arrival, Error, HardDeadline, Overflow, ReplyBytes, Services, Settings, fallback};

/// The largest answer, in bytes. Lambda takes 6 MB; ten actions with every text as long as the service allows have a tenth of this.
const ANSWER_BYTES: usize = 256 * 1024;

/// How long an event may be held for a journal that lies elsewhere, each way.
const JOURNAL: Duration = Duration::from_millis(1200);

/// From this invocation of a call on each is warned of, and from the second one on the fallback ends the call in words: the service ends it
/// without any at the 1,000th (rule 32).
const MANY_INVOCATIONS: u64 = 900;
const LAST_INVOCATIONS: u64 = 995;

/// Everything between an event and its answer. One event at a time.
pub struct Host {
    settings: Settings,
    lines: Lines,
    services: Box<dyn Services>,
    watchdog: Watchdog,
    events: Cell<u64>,
    answered: Answered,
    repeats: Repeats,
    spill: Spill,
}

/// What became of an event.
#[derive(Debug)]
pub struct Outcome {
    /// What is sent. Always a valid answer.
    pub answer: Answer,
    /// Why it is the fallback, if it is.
    pub error: Option<Error>,
    /// The same for those who read it: where, and without what must not be shown.
    pub error_text: Option<String>,
    /// Whether the service shall rather try its next application, as the routes say.
    pub fails_over: bool,
    /// Where the actions of the answer were built, in their order, as far as it is known. Empty for the fallback.
    pub places: Vec<Option<Place>>,
    /// Whether the script waits for keys that are typed in confidence.
    pub asks_secret: bool,
    /// What was typed in confidence, for those who keep records.
    pub secrets: Vec<String>,
    /// What the script itself answered, where that would have left the caller in silence and the fallback is sent instead.
    pub unheard: Option<Answer>,
}

/// The invocation fails on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the script failed at a new call, and the routes leave it to the next SIP media application")]
pub struct Failover;

impl Outcome {
    /// An answer that needed no script.
    fn of(answer: Answer) -> Self {
        let (error, error_text, places, secrets) = (None, None, Vec::new(), Vec::new());
        Self { answer, error, error_text, fails_over: false, places, asks_secret: false, secrets, unheard: None }
    }

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
    picked: Option<Picked>,
    log: Vec<LogRecord>,
    /// Where the actions of the answer were built.
    places: Vec<(String, Option<Place>)>,
    /// The journal to be kept with the call, where the script is a flow.
    journal: Option<String>,
    /// Where a flow failed: the caller's way to that point.
    path: Vec<Station>,
    /// Whether the script is a flow.
    is_flow: bool,
    /// Whether it waits for keys that are typed in confidence.
    asks_secret: bool,
    /// Whether something was typed in confidence before.
    has_secret: bool,
    /// Whether the script asked for anything outside.
    asked: bool,
    /// What it answered, where that would leave the caller in silence.
    unheard: Option<Answer>,
}

/// What a script says besides its answer.
struct Said<'a> {
    log: &'a mut Vec<LogRecord>,
    places: &'a mut Vec<(String, Option<Place>)>,
    journal: &'a mut Option<String>,
    path: &'a mut Vec<Station>,
    asks_secret: &'a mut bool,
    has_secret: &'a mut bool,
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
        let lines = Lines::new(source, forced, &settings, kill.clone());
        let watchdog = Watchdog::start(kill)?;
        Ok(Self {
            settings,
            lines,
            services,
            watchdog,
            events: Cell::new(0),
            answered: Answered::default(),
            repeats: Repeats::default(),
            spill: Spill::default(),
        })
    }

    /// With a place for journals that are too long for their calls, and for claims.
    #[must_use]
    pub fn with_overflow(self, overflow: Option<Box<dyn Overflow>>) -> Self {
        Self { spill: Spill::new(overflow), ..self }
    }

    /// Loads the release before the first event; gives up waiting after `most`. Whether there is a release now.
    pub async fn prepare(&self, most: Duration) -> bool {
        self.lines.prepare(most).await
    }

    /// Answers one event.
    pub async fn answer(&self, bytes: &[u8], arrival: Arrival) -> Outcome {
        let Arrival { at, clock, hard, last_words } = arrival;
        let parsed = Event::parse(bytes).map(Arc::new);
        // Who is on the line can mostly be told even where the rest cannot be read.
        let salvaged = if parsed.is_err() { Event::salvage(bytes).map(Arc::new) } else { None };
        let event = parsed.as_ref().ok().or(salvaged.as_ref());
        let script = Arc::new(OnceLock::new());
        let report = HardDeadlineReport { script: Arc::clone(&script), at };
        let watch = self.watch(hard, Farewell { event: event.cloned(), words: last_words, report });
        let event = event.map(Arc::as_ref);
        let fingerprint = event.map(|event| Fingerprint::of(event, bytes));
        if let Some(answer) = fingerprint.and_then(|event| self.repeats.answer(event, at)) {
            let (call, sequence) = (event.and_then(Event::call_id), event.and_then(Event::sequence));
            let event_type = event.map(|event| event.event_type().name());
            tracing::info!(call, sequence, event = event_type, outcome = "repeated", "event");
            watch.end();
            return Outcome::of(answer);
        }

        let mut run = Run::default();
        let mut kept = event.map(Kept::of).unwrap_or_default();
        let result = match &parsed {
            // The one catch: whatever breaks in here, the caller is answered.
            Ok(event) => AssertUnwindSafe(self.run((event, &mut kept), clock, hard, (&watch, &script), &mut run))
                .catch_unwind()
                .await
                .unwrap_or_else(|panic| {
                    // After a panic nothing is known of the VM that ran.
                    if let Some(picked) = &run.picked {
                        picked.line.discard(&picked.loaded);
                    }
                    Err(Error::Panic(panic_text(panic.as_ref())))
                }),
            Err(_) => Ok(fallback(event)),
        };
        let (answer, error) = match result {
            Ok(answer) => (answer, parsed.as_ref().err().map(|error| Error::Event(error.to_string()))),
            // Whoever sent it is told nothing, not even an apology.
            Err(error @ Error::Stranger(_)) => (Answer::keep(event), Some(error)),
            Err(error) => {
                let plan = run.picked.as_ref().and_then(|picked| picked.chosen.plan.as_ref());
                let mut answer = planned_fallback(event, plan);
                if let Ok(event) = &parsed {
                    // Whatever it was, the flow is not gone on with.
                    let broken = || kept.journal.as_deref().map(|journal| broken_journal(journal, event));
                    let journal = run.journal.take().or_else(broken);
                    let journal = self.fold_broken((event, &kept), journal, hard).await;
                    self.keep((event, &kept), run.picked.as_ref(), journal, &mut answer);
                }
                (answer, Some(error))
            }
        };
        // What has done something, or has come further, is not to do so again.
        if let Some(fingerprint) = fingerprint.filter(|_| run.asked || run.is_flow) {
            self.repeats.remember(fingerprint, at, &answer);
        }
        let refused = event.and_then(|event| self.answered.refused(event));
        let places = run.places.iter().filter(|_| error.is_none()).map(|(_, place)| place.clone()).collect();
        if let Some(event) = event {
            self.warn_of_invocations(event, &run.places);
            self.answered.remember(event, std::mem::take(&mut run.places));
            self.forget_if_over((event, &kept), hard).await;
        }
        let error_text = self.report(&run, (event, &kept), (&answer, refused.as_deref()), error.as_ref(), at);
        let may_have_secrets = run.has_secret || error.is_some();
        let redactor = Redactor::new(event, &kept, &self.settings);
        let secrets = if may_have_secrets { redactor.secrets() } else { Vec::new() };
        watch.end();
        let fails_over = error.is_some() && run.picked.is_some_and(|picked| picked.chosen.fails_over);
        let (asks_secret, unheard) = (run.asks_secret, run.unheard);
        Outcome { answer, error, error_text, fails_over, places, asks_secret, secrets, unheard }
    }

    fn watch(&self, hard: HardDeadline, farewell: Farewell) -> Watch<'_> {
        let number = self.events.get() + 1;
        self.events.set(number);
        self.watchdog.watch(number, hard.at(), farewell)
    }

    async fn run(
        &self,
        (event, kept): (&Arc<Event>, &mut Kept),
        clock: SystemTime,
        hard: HardDeadline,
        (watch, script): (&Watch<'_>, &OnceLock<String>),
        run: &mut Run,
    ) -> Result<Answer, Error> {
        if let Some(why) = self.settings.stranger(event) {
            return Err(Error::Stranger(why));
        }
        // While there is somebody to be told. What was given to `on_hangup` still runs.
        let sequence = event.sequence().filter(|sequence| *sequence >= LAST_INVOCATIONS);
        let is_ending = sequence.filter(|_| event.event_type() != EventType::Hangup && legs_up(event).len() == 1);
        self.unfold(event, kept, hard).await?;
        let kept = &*kept;
        let picked = self.lines.pick(event, kept, hard).await.ok_or(Error::NoRelease)?;
        let Run {
            picked: place,
            log,
            places,
            journal,
            path,
            is_flow,
            asks_secret,
            has_secret,
            asked: has_asked,
            unheard,
        } = run;
        let picked = &*place.insert(picked);
        if let Some(sequence) = is_ending {
            *is_flow = kept.journal.is_some();
            return Err(Error::Invocations { sequence });
        }
        // A script that is stuck can then be named.
        drop(script.set(picked.chosen.script.clone()));
        let mut left = self.settings.script_deadline;
        let fitting = || self.kept_after(kept, Some(picked), true).fitting(self.settings.attribute_chars);
        let kept_arguments = if kept.arguments.is_empty() && kept.lost.is_none() { None } else { Some(fitting()) };
        let kept_arguments = kept_arguments.as_ref().filter(|fitting| fitting.lost.is_some());
        loop {
            let program = picked.line.program(&picked.loaded)?;
            let is_fresh = program.events() == 0;
            let mut asked = false;
            let now_seconds = clock.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.as_secs());
            let input = Input {
                number: self.events.get(),
                event,
                script: &picked.chosen.script,
                release: picked.release.as_str(),
                arguments: Some(&kept.arguments),
                kept_arguments: kept_arguments.map(|kept| &kept.arguments),
                now_seconds: i64::try_from(now_seconds).unwrap_or(i64::MAX),
                journal: kept.journal.as_deref(),
                buckets: &self.settings.buckets,
                secrets: &self.settings.secrets,
            };
            let said = Said { log, places, journal, path, asks_secret, has_secret };
            let result = self.script(&program, input, (hard, watch), said, (&mut left, &mut asked)).await;
            *is_flow = journal.is_some();
            *has_asked |= asked;
            if program.is_spent() {
                picked.line.discard(&picked.loaded);
            }
            match result {
                // The memory may have been used up by what earlier events left behind: once more, alone, in a fresh VM, unless the
                // script has already done something outside.
                Err(Error::Script(ScriptError::Memory { .. })) if !is_fresh && !asked => log.clear(),
                result => {
                    let mut answer = result?;
                    if journal.is_none() && is_silent(event, &kept.list, &answer) {
                        *unheard = Some(answer);
                        return Err(Error::Script(silence(event)));
                    }
                    let folded = match journal.take() {
                        Some(journal) => Some(self.fold(event, journal, hard).await?),
                        None => None,
                    };
                    self.keep((event, kept), Some(picked), folded, &mut answer);
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
        input: Input<'_>,
        (hard, watch): (HardDeadline, &Watch<'_>),
        said: Said<'_>,
        (left, asked): (&mut Duration, &mut bool),
    ) -> Result<Answer, Error> {
        let mut started = Instant::now();
        let mut names = Names::of(input.event, input.now_seconds);
        let bytes = ReplyBytes::default();
        watch.script_until(hard.script(started, *left));
        let mut turn = program.start(input);
        loop {
            said.log.append(&mut turn.log);
            said.places.append(&mut turn.places);
            *said.path = std::mem::take(&mut turn.path);
            *said.journal = turn.journal.take();
            (*said.asks_secret, *said.has_secret) = (turn.asks_secret, turn.has_secret);
            *left = left.saturating_sub(started.elapsed());
            watch.script_rests();
            match turn.result? {
                Step::Answer(answer) => return Ok(answer),
                Step::Requests(suspended) => {
                    *asked = true;
                    let outside = Outside {
                        services: self.services.as_ref(),
                        overflow: self.spill.overflow(),
                        hard,
                        bytes: &bytes,
                    };
                    names.set_over(suspended.is_over());
                    let replies = once(outside, &mut names, (suspended.requests(), suspended.may_be_written())).await;
                    started = Instant::now();
                    watch.script_until(hard.script(started, *left));
                    turn = suspended.resume(replies);
                }
            }
        }
    }

    /// Says before the service ends a call how many invocations it has had, and what asks for them.
    fn warn_of_invocations(&self, event: &Event, places: &[(String, Option<Place>)]) {
        let Some(sequence) = event.sequence().filter(|sequence| *sequence >= MANY_INVOCATIONS) else { return };
        let built = places.iter().rev().find_map(|(action, place)| Some((action, place.as_ref()?)));
        let (file, line) = (built.map(|(_, place)| place.file.as_str()), built.map(|(_, place)| place.line));
        tracing::warn!(
            call = event.call_id(),
            sequence,
            file,
            line,
            action = built.map(|(action, _)| action.as_str()),
            "the call has had {sequence} invocations, and the service cuts it off at the 1,000th; ask for longer pauses, or for more repeats at once"
        );
    }

    /// A call none of whose legs is up has no more events.
    async fn forget_if_over(&self, (event, kept): (&Event, &Kept), hard: HardDeadline) {
        let is_over = event.event_type() == EventType::Hangup
            && event.participants().all(|leg| leg.status() == Status::Disconnected);
        if let Some(call) = event.call_id().filter(|_| is_over) {
            self.lines.forget(call);
            if kept.journal.is_some() {
                // Nobody waits for the answer to this event (rule 44).
                self.spill.clear(call, hard.wait(Instant::now(), JOURNAL)).await;
            }
        }
    }

    fn report(
        &self,
        run: &Run,
        (event, kept): (Option<&Event>, &Kept),
        (answer, refused): (&Answer, Option<&str>),
        error: Option<&Error>,
        at: Instant,
    ) -> Option<String> {
        let redactor = Redactor::new(event, kept, &self.settings);
        let picked = run.picked.as_ref();
        let (release, alias) =
            (picked.map(|picked| picked.release.as_str()), picked.and_then(|picked| picked.chosen.alias.as_deref()));
        let script = picked.map(|picked| picked.chosen.script.as_str());
        let (path, took) = (run.path.as_slice(), at.elapsed());
        let report = Report { event, script, release, alias, answer, refused, error, path, took, redactor: &redactor };
        report.write_log(&run.log);
        report.write();
        let (place, text) = told(error?, &redactor);
        Some(place.map(|place| format!("{place}: {text}")).unwrap_or(text))
    }
}

/// What a handler did wrong that leaves a caller alone in silence.
fn silence(event: &Event) -> ScriptError {
    let message = format!(
        "the handler of {} answers with nothing, after which nothing runs and nobody else is on the line: the caller would hear nothing \
         any more; return an action",
        event.event_type().lua_name()
    );
    ScriptError::Answer { place: None, message }
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
