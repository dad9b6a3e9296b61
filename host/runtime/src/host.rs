//! The host: takes events, gives answers.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use moonring_engine::{ActionOrigin, CancelFlag, FunctionHits};
use moonring_store::Source;
use moonring_wire::{Answer, Event, EventType, Status};

use crate::durability::call_state::CallState;
use crate::durability::duplicate_events::{DuplicateEvents, Fingerprint};
use crate::durability::journal_store::{JournalStore, retried};
use crate::event::action_origins::ActionOrigins;
use crate::event::call_metrics::CallMetrics;
use crate::event::event_log::{EventLine, HardDeadlineLine};
use crate::event::fallback::planned_fallback;
use crate::event::record::{self, KeptEvent, RecordedEvent};
use crate::event::redact::Redactor;
use crate::event::watchdog::{Emergency, Watch, Watchdog};
use crate::release::router::ReleaseRouter;
use crate::run::Run;
use crate::turn::Turn;
use crate::{Arrival, Error, HardDeadline, ObjectStore, Outcome, Services, Settings, fallback};

/// How long an event may be held for a journal that lies elsewhere, each way.
pub(crate) const JOURNAL: Duration = Duration::from_millis(1200);

/// How long it may take to keep an event of a recorded call.
const RECORD: Duration = Duration::from_secs(1);

/// From this invocation of a call on each is warned of: the service ends the call at the 1,000th
/// (rule 32).
const MANY_INVOCATIONS: u64 = 900;

/// Everything between an event and its answer. One event at a time.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use moonring_runtime::{Host, NoServices, Settings};
/// use moonring_store::Folder;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let source = Arc::new(Folder::as_it_stands("/no/such/folder"));
/// let host = Host::new(Settings::default(), source, None, Box::new(NoServices))?;
/// // Without a release it answers all the same: callers hear the apology.
/// assert!(!host.prepare(Duration::from_millis(100)).await);
/// # Ok(())
/// # }
/// ```
pub struct Host {
    pub(crate) settings: Settings,
    pub(crate) router: ReleaseRouter,
    pub(crate) services: Box<dyn Services>,
    watchdog: Watchdog,
    pub(crate) events: Cell<u64>,
    action_origins: ActionOrigins,
    duplicate_events: DuplicateEvents,
    pub(crate) journal_store: JournalStore,
    /// What is written of the last event once its answer is sent.
    to_keep: RefCell<Option<KeptEvent>>,
}

impl Host {
    /// A host that reads its scripts from `source`. `forced` answers every call; without it the
    /// release's routes say which script does, and without routes `main`.
    ///
    /// # Errors
    /// When the system gives no thread for the watchdog.
    pub fn new(
        settings: Settings,
        source: Arc<dyn Source>,
        forced: Option<&str>,
        services: Box<dyn Services>,
    ) -> std::io::Result<Self> {
        let cancel = CancelFlag::default();
        let router = ReleaseRouter::new(source, forced, &settings, cancel.clone());
        let watchdog = Watchdog::start(cancel)?;
        Ok(Self {
            settings,
            router,
            services,
            watchdog,
            events: Cell::new(0),
            action_origins: ActionOrigins::default(),
            duplicate_events: DuplicateEvents::default(),
            journal_store: JournalStore::default(),
            to_keep: RefCell::default(),
        })
    }

    /// With a place for journals that are too long for their calls, and for claims.
    #[must_use]
    pub fn with_object_store(self, object_store: Option<Box<dyn ObjectStore>>) -> Self {
        Self { journal_store: JournalStore::new(object_store), ..self }
    }

    /// From now on a copy of the scripts serves when no release can be had at the start, until one
    /// can.
    pub fn set_packaged(&self, packaged: Arc<dyn Source>) {
        self.router.set_packaged(packaged);
    }

    /// Loads the release before the first event; gives up waiting after `most`. Whether there is a
    /// release now.
    pub async fn prepare(&self, most: Duration) -> bool {
        self.router.prepare(most).await
    }

    /// From now on this script answers every call; without one, the release's routes say again
    /// which does.
    pub fn force(&self, script: Option<&str>) {
        self.router.force(script);
    }

    /// Forgets all calls: from now on it knows as much as a process that has just loaded the
    /// release. Each event has modules of its own, so the VM may stay.
    pub fn forget_calls(&self) {
        self.router.forget_all();
        self.action_origins.forget_all();
        self.duplicate_events.forget_all();
    }

    /// What of the release's own files has run so far, by file; nothing, unless the settings say
    /// that it is counted.
    pub fn hits(&self) -> BTreeMap<String, Vec<FunctionHits>> {
        self.router.hits()
    }

    /// Answers one event.
    pub async fn answer(&self, bytes: &[u8], arrival: Arrival) -> Outcome {
        let Arrival { at, clock, hard, emergency_reply } = arrival;
        let parsed = Event::parse(bytes).map(Arc::new);
        // Who is on the line can mostly be told even where the rest cannot be read.
        let salvaged = if parsed.is_err() { Event::salvage(bytes).map(Arc::new) } else { None };
        let event = parsed.as_ref().ok().or(salvaged.as_ref());
        let script = Arc::new(OnceLock::new());
        let line = HardDeadlineLine { script: Arc::clone(&script), at };
        let watch =
            self.watch(hard, Emergency { event: event.cloned(), reply: emergency_reply, line });
        let event = event.map(Arc::as_ref);
        let fingerprint = event.map(|event| Fingerprint::of(event, bytes));
        if let Some(answer) = fingerprint.and_then(|event| self.duplicate_events.answer(event, at))
        {
            let (call, sequence) =
                (event.and_then(Event::call_id), event.and_then(Event::sequence));
            let event_type = event.map(|event| event.event_type().name());
            tracing::info!(call, sequence, event = event_type, outcome = "repeated", "event");
            watch.end();
            return Outcome::of(answer);
        }

        let mut turn = Turn::new(event.map(CallState::read).unwrap_or_default());
        turn.is_recorded = event.and_then(Event::call_id).is_some_and(|call| self.records(call));
        let result = match &parsed {
            // The one catch: whatever breaks in here, the caller is answered.
            Ok(event) => {
                let run = Run { host: self, event, clock, hard, watch: &watch, script: &script };
                AssertUnwindSafe(run.answer(&mut turn)).catch_unwind().await.unwrap_or_else(
                    |panic| {
                        // After a panic nothing is known of the VM that ran.
                        if let Some(selection) = &turn.selection {
                            selection.channel.discard(&selection.loaded);
                        }
                        Err(Error::Panic(panic_text(panic.as_ref())))
                    },
                )
            }
            Err(_) => Ok(fallback(event)),
        };
        let (answer, error) = match result {
            Ok(answer) => {
                (answer, parsed.as_ref().err().map(|error| Error::Event(error.to_string())))
            }
            // Who sent it is told nothing, not even an apology.
            Err(error @ Error::Stranger(_)) => (Answer::keep(event), Some(error)),
            Err(error) => {
                let plan =
                    turn.selection.as_ref().and_then(|selection| selection.chosen.plan.as_ref());
                let mut answer = planned_fallback(event, plan);
                if let Ok(event) = &parsed {
                    self.keep_failed(event, &mut turn, &mut answer, hard).await;
                }
                (answer, Some(error))
            }
        };
        // What has done something, or has come further, is not to do so again.
        let printed = fingerprint.filter(|_| turn.has_requested || turn.is_flow).map(|event| {
            let printed = answer.to_raw();
            self.duplicate_events.remember(event, at, printed.get());
            printed
        });
        if let (Some(selection), Some(event)) = (&turn.selection, event) {
            let is_first = matches!(
                event.event_type(),
                EventType::NewInboundCall | EventType::NewOutboundCall
            );
            selection.channel.count(&selection.release, is_first, error.is_some());
        }
        let refused = event.and_then(|event| self.action_origins.refused(event));
        let invalid = event.and_then(|event| self.action_origins.invalid(event));
        let places = turn
            .origins
            .iter()
            .filter(|_| error.is_none())
            .map(|origin| origin.place.clone())
            .collect();
        if let Some(event) = event {
            warn_of_invocations(event, &turn.origins);
            self.action_origins.remember(event, std::mem::take(&mut turn.origins));
            self.forget_if_over(event, &turn.came, hard).await;
        }
        if let Some(event) = event.filter(|_| self.settings.metrics) {
            let selection = turn.selection.as_ref();
            let metrics = CallMetrics {
                event,
                is_over: is_over(event),
                has_failed: error.is_some(),
                is_cold: self.events.get() <= 1,
                now: clock,
                script: selection.map(|selection| selection.chosen.script.as_str()),
                release: selection.map(|selection| selection.release.as_str()),
            };
            metrics.write();
        }
        let redactor = Redactor::new(event, &turn.came, &self.settings);
        let line = EventLine {
            event,
            turn: &turn,
            answer: &answer,
            refused,
            error: error.as_ref(),
            at,
            redactor: &redactor,
        };
        let error_text = line.write();
        if let (Some(event), Some(selection), true) = (event, &turn.selection, turn.is_recorded) {
            let record = RecordedEvent {
                event,
                came: &turn.came,
                secrets: &self.settings.secrets,
                answer: &answer,
                requests: &turn.requests,
                script: &selection.chosen.script,
                release: selection.release.as_str(),
                failed: error.as_ref().map(Error::word),
                now: clock,
                hard,
            };
            self.to_keep.replace(record.kept());
        }
        if let (Some(event), Some(invalid)) = (event, invalid) {
            invalid.log(event, &redactor);
        }
        let may_have_secrets = turn.has_secret || error.is_some();
        let secrets = if may_have_secrets { redactor.secrets() } else { Vec::new() };
        watch.end();
        let script = turn.selection.as_ref().map(|selection| selection.chosen.script.clone());
        let fails_over =
            error.is_some() && turn.selection.is_some_and(|selection| selection.chosen.fails_over);
        let (asks_secret, unheard, log) = (turn.asks_secret, turn.unheard, turn.log);
        Outcome {
            answer,
            error,
            error_text,
            fails_over,
            places,
            asks_secret,
            secrets,
            unheard,
            has_failed_hook: turn.has_failed_hook,
            script,
            log,
            printed,
        }
    }

    /// What is left to do of an event once its answer is sent, and nobody waits: garbage is
    /// collected, and a recorded call is kept. Who never says so has garbage collected while scripts
    /// run, and keeps no records.
    pub async fn end_event(&self) {
        self.router.end_event();
        let Some(KeptEvent { name, bytes, hard }) = self.to_keep.take() else { return };
        let Some(store) = self.journal_store.object_store() else { return };
        // Lambda ends what runs longer, and with it all that is in memory.
        let most = hard.at().saturating_duration_since(Instant::now()).min(RECORD);
        if let Err(why) = retried(most, || store.write(&name, bytes.clone())).await {
            tracing::warn!(name, "an event of a recorded call is not kept: {why}");
        }
    }

    /// Whether a call is one of those that are kept.
    fn records(&self, call: &str) -> bool {
        self.journal_store.object_store().is_some()
            && record::is_chosen(call, self.settings.record_percent)
    }

    fn watch(&self, hard: HardDeadline, emergency: Emergency) -> Watch<'_> {
        let number = self.events.get() + 1;
        self.events.set(number);
        self.watchdog.watch(number, hard.at(), emergency)
    }

    /// A call none of whose legs is up has no more events.
    async fn forget_if_over(&self, event: &Event, came: &CallState, hard: HardDeadline) {
        if let Some(call) = event.call_id().filter(|_| is_over(event)) {
            self.router.forget(call);
            if came.journal.is_some() {
                // Nobody waits for the answer to this event (rule 44).
                self.journal_store.clear(call, hard.wait(Instant::now(), JOURNAL)).await;
            }
        }
    }
}

/// Whether nobody is on the line any more.
fn is_over(event: &Event) -> bool {
    event.event_type() == EventType::Hangup
        && event.participants().all(|leg| leg.status() == Status::Disconnected)
}

/// Says before the service ends a call how many invocations it has had, and what asks for them.
fn warn_of_invocations(event: &Event, origins: &[ActionOrigin]) {
    let Some(sequence) = event.sequence().filter(|sequence| *sequence >= MANY_INVOCATIONS) else {
        return;
    };
    let built = origins.iter().rev().find_map(|origin| Some((origin, origin.place.as_ref()?)));
    let (file, line) =
        (built.map(|(_, place)| place.file.as_str()), built.map(|(_, place)| place.line));
    tracing::warn!(
        call = event.call_id(),
        sequence,
        file,
        line,
        action = built.map(|(origin, _)| origin.action_type.as_str()),
        "the call has had {sequence} invocations, and the service ends a call at its 1,000th; use longer pauses, or more repeats in one action"
    );
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panic").to_owned()
}
