//! The engine in this process as a target: what answers the events of calls that are played here.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use anyhow::Context as _;
use moonring_aws::SharedConfig;
use moonring_exchange::Outcome;
use moonring_runtime::{
    Arrival, EmergencyReply, FunctionHits, HardDeadline, Host, LogKind, LogRecord, Settings,
};
use moonring_sim::{Invocation, Reply, Target};
use moonring_store::Source;
use serde_json::{Value, json};

use crate::overlay::Overlay;
use crate::printer::{Printer, printable};
use crate::services::{LocalServices, Others, Outside, ServiceMode};

/// How long the scripts may take to load. Nobody is on the line.
const LOAD: Duration = Duration::from_secs(30);

/// Scripts that answer events, and what they ask of other services.
pub(crate) struct Scripts {
    host: Host,
    services: Rc<ServiceMode>,
    printer: Printer,
    /// Whether any script failed.
    has_failed: Cell<bool>,
    /// The events at which one did, by their time in milliseconds since 1970.
    failed_at: RefCell<Vec<u64>>,
    /// The script that answered first.
    answered: RefCell<Option<String>>,
    /// The script that answers all calls, where one was named.
    forced: Option<String>,
    /// The scripts that were chosen for single calls, by the call's id.
    chosen: RefCell<BTreeMap<String, String>>,
    /// The host takes one event at a time.
    turn: tokio::sync::Mutex<()>,
}

/// The same for callers without an async runtime of their own.
pub(crate) struct LocalHost {
    scripts: Scripts,
    runtime: tokio::runtime::Runtime,
}

/// What a script did with an event.
pub(crate) struct Done {
    pub(crate) answer: Value,
    pub(crate) places: Vec<Option<String>>,
    pub(crate) api_calls: Vec<Value>,
    /// Why the answer is the fallback, if it is.
    pub(crate) error: Option<String>,
    pub(crate) asks_secret: bool,
    /// How long its requests took, where replies come from a file.
    pub(crate) delayed: Duration,
    /// What the script itself answered, where that would have left the caller in silence.
    pub(crate) unheard: Option<Value>,
    /// What the script logged.
    pub(crate) log: Vec<LogRecord>,
}

/// What a function did with an event of a call that is played, and what there is to tell besides.
#[derive(Default)]
pub(crate) struct Invoked {
    pub(crate) reply: Reply,
    /// What the script logged and why it failed, as objects for programs: `what`, `text`, and of
    /// logs `level` and `fields`.
    pub(crate) told: Vec<Value>,
}

impl Done {
    /// The same as the reply to an event of a call that is played.
    pub(crate) fn into_reply(self) -> Reply {
        let Self { answer, places, api_calls, asks_secret, delayed, .. } = self;
        Reply { outcome: Outcome::answer(answer), took: delayed, places, api_calls, asks_secret }
    }
}

impl Scripts {
    pub(crate) async fn new(
        settings: Settings,
        source: Arc<dyn Source>,
        script: Option<&str>,
        outside: Outside,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        let object_store = match &settings.journal {
            Some(journals) => moonring_aws::object_store(&SharedConfig::default(), journals).await,
            None => None,
        };
        // A server's calls go on for days; of any other call nothing should be left behind.
        let is_server = matches!(outside.others, Others::Served(_) | Others::ServedLive(_));
        let object_store = if is_server { object_store } else { object_store.map(Overlay::above) };
        let services = Rc::new(ServiceMode::new(outside, &settings, printer));
        let host =
            Host::new(settings, source, script, Box::new(LocalServices(Rc::clone(&services))));
        let host = host.context("cannot start the watchdog")?.with_object_store(object_store);
        Ok(Self {
            host,
            services,
            printer,
            has_failed: Cell::new(false),
            failed_at: RefCell::default(),
            answered: RefCell::default(),
            forced: script.map(str::to_owned),
            chosen: RefCell::default(),
            turn: tokio::sync::Mutex::new(()),
        })
    }

    /// Loads the release. Whether there is one to serve; why not has then been logged.
    pub(crate) async fn prepare(&self, most: Duration) -> bool {
        self.host.prepare(most).await
    }

    /// From now on this script answers a call, whatever the routes say.
    pub(crate) fn choose(&self, call: &str, script: String) {
        self.chosen.borrow_mut().insert(call.to_owned(), script);
    }

    /// The script that was chosen for a call, or for all.
    pub(crate) fn chosen(&self, call: &str) -> Option<String> {
        self.chosen.borrow().get(call).cloned().or_else(|| self.forced.clone())
    }

    /// The next event finds a process that knows nothing of any call.
    pub(crate) fn forget_calls(&self) {
        self.host.forget_calls();
    }

    /// The events at which a script has failed, by their time in milliseconds since 1970.
    pub(crate) fn failed_at(&self) -> Vec<u64> {
        self.failed_at.borrow().clone()
    }

    /// Answers an event at this moment by the clock; `recorded` are the requests that are answered
    /// as they were recorded.
    pub(crate) async fn answer(&self, event: &Value, now_ms: u64, recorded: &[Value]) -> Done {
        let _turn = self.turn.lock().await;
        self.services.expect(recorded);
        let call = event.pointer("/CallDetails/TransactionId").and_then(Value::as_str);
        self.host.force(
            call.and_then(|call| self.chosen(call)).or_else(|| self.forced.clone()).as_deref(),
        );
        let at = Instant::now();
        let clock = UNIX_EPOCH + Duration::from_millis(now_ms);
        let (hard, emergency_reply) =
            (HardDeadline::new(at, None, None), Box::new(Stuck(self.printer)));
        let arrival = Arrival { at, clock, hard, emergency_reply };
        let outcome = self.host.answer(event.to_string().as_bytes(), arrival).await;
        let places =
            outcome.places.iter().map(|place| place.as_ref().map(ToString::to_string)).collect();
        if let Some(script) = &outcome.script {
            self.answered.borrow_mut().get_or_insert_with(|| script.clone());
        }
        if outcome.error.is_some() || outcome.has_failed_hook {
            self.has_failed.set(true);
            self.failed_at.borrow_mut().push(now_ms);
        }
        // What the host prints is always JSON.
        let answer = serde_json::from_slice(&outcome.answer.to_bytes()).unwrap_or_default();
        Done {
            answer,
            places,
            api_calls: without(self.services.made(), &outcome.secrets),
            error: outcome.error_text,
            asks_secret: outcome.asks_secret,
            delayed: self.services.delayed(),
            unheard: outcome
                .unheard
                .and_then(|answer| serde_json::from_slice(&answer.to_bytes()).ok()),
            log: outcome.log,
        }
    }

    /// The same for an event of a call that is played. The time a script takes here says nothing of
    /// the time it would take there: it counts as none. What a file of replies says does count.
    pub(crate) async fn reply(&self, invocation: &Invocation) -> Invoked {
        let done = self.answer(&invocation.event, invocation.now_ms, &[]).await;
        let mut told: Vec<Value> = done.log.iter().filter_map(told_log).collect();
        if let Some(error) = &done.error {
            // At the end of a call nobody is there to hear anything.
            match is_over(&invocation.event) {
                true => self.printer.error_text(&printable(error)),
                false => self.printer.failure(error),
            }
            told.push(json!({"what": "fails", "text": printable(error), "line": format!("error: {}", printable(error))}));
        }
        Invoked { reply: done.into_reply(), told }
    }
}

/// A record of the log, as an object for programs. Metrics are for CloudWatch.
fn told_log(record: &LogRecord) -> Option<Value> {
    if record.kind == LogKind::Metric {
        return None;
    }
    let (level, text) = (record.level.name(), printable(&record.message));
    let fields = match &record.fields {
        Value::Null => String::new(),
        fields => format!(" {fields}"),
    };
    let line = format!("{level}: {text}{fields}");
    Some(
        json!({"what": "script_logs", "level": level, "text": text, "fields": record.fields, "line": line}),
    )
}

impl LocalHost {
    /// Loads the scripts of a source. `None`, where there is no release to serve; why not has then
    /// been logged.
    pub(crate) fn load(
        settings: Settings,
        source: Arc<dyn Source>,
        script: Option<&str>,
        outside: Outside,
        printer: Printer,
    ) -> anyhow::Result<Option<Self>> {
        // The watchdog needs a thread of its own in any case; one more for the rest would gain
        // nothing.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("cannot start the async runtime")?;
        let scripts = runtime.block_on(Scripts::new(settings, source, script, outside, printer))?;
        let is_loaded = {
            let _progress = printer.progress("loading the scripts");
            runtime.block_on(scripts.prepare(LOAD))
        };
        Ok(is_loaded.then_some(Self { scripts, runtime }))
    }

    /// Answers an event: see [`Scripts::answer`].
    pub(crate) fn answer(&self, event: &Value, now_ms: u64, recorded: &[Value]) -> Done {
        self.runtime.block_on(self.scripts.answer(event, now_ms, recorded))
    }

    /// What of the scripts has run, where the settings say that it is counted.
    pub(crate) fn hits(&self) -> BTreeMap<String, Vec<FunctionHits>> {
        self.scripts.host.hits()
    }

    /// The canned replies that nothing has asked for.
    pub(crate) fn unused_replies(&self) -> Vec<String> {
        self.scripts.services.unused_replies()
    }

    /// The events at which a script has failed, by their time in milliseconds since 1970.
    pub(crate) fn failed_at(&self) -> Vec<u64> {
        self.scripts.failed_at()
    }

    /// Where it says what goes wrong.
    pub(crate) fn printer(&self) -> Printer {
        self.scripts.printer
    }

    /// The script that answered the first event.
    pub(crate) fn answered(&self) -> Option<String> {
        self.scripts.answered.borrow().clone()
    }

    /// Whether any script has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.scripts.has_failed.get()
    }
}

impl Target for &LocalHost {
    fn invoke(&mut self, invocation: &Invocation) -> Reply {
        self.runtime.block_on(self.scripts.reply(invocation)).reply
    }
}

/// Whether an event says that nobody is on the line any more.
fn is_over(event: &Value) -> bool {
    let legs = event.pointer("/CallDetails/Participants").and_then(Value::as_array);
    let is_gone = |leg: &Value| leg.get("Status").is_some_and(|status| status == "Disconnected");
    legs.is_some_and(|legs| !legs.is_empty() && legs.iter().all(is_gone))
}

/// Requests as a record has them: without what was typed in confidence.
fn without(calls: Vec<Value>, secrets: &[String]) -> Vec<Value> {
    if secrets.is_empty() {
        return calls;
    }
    let text = serde_json::to_string(&calls).unwrap_or_default();
    let masked = secrets.iter().fold(text, |text, secret| text.replace(secret.as_str(), "••••"));
    // A number that has become dots is JSON no more: then nothing is shown.
    serde_json::from_str(&masked).unwrap_or_default()
}

/// A script that is stuck in one call of a library function cannot be stopped: the program ends.
struct Stuck(Printer);

impl EmergencyReply for Stuck {
    fn speak(&mut self, _: &[u8]) -> Result<(), String> {
        self.0.error_text(
            "the script was inside a single call of a library function at the hard deadline and could not be stopped\n  the caller would hear the fallback",
        );
        Ok(())
    }

    fn end(self: Box<Self>) {
        std::process::exit(1);
    }
}
