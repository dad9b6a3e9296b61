//! The hosts that answer the calls of tests: one for each config that tests lay over the release's.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use moonring_engine::lay_over;
use moonring_runtime::{
    Arrival, EmergencyReply, FunctionHits, HardDeadline, Host, Outcome, Settings, check,
};
use moonring_store::Source;
use serde_json::{Map, Value};

use crate::outside::{Outside, TestServices};

/// How long the scripts may take to load. Nobody is on the line.
const LOAD: Duration = Duration::from_secs(60);

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(3600);

/// The hosts of one worker.
pub(crate) struct Hosts {
    runtime: tokio::runtime::Runtime,
    source: Arc<dyn Source>,
    settings: Settings,
    hosts: RefCell<BTreeMap<String, Rc<Host>>>,
    outside: Rc<RefCell<Option<Rc<Outside>>>>,
}

impl Hosts {
    /// # Errors
    /// When the system gives no means for it, in words.
    pub(crate) fn new(source: Arc<dyn Source>, settings: Settings) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| format!("cannot start the async runtime: {error}"))?;
        // Tests run on what is there when they begin.
        let settings = Settings { refresh: Duration::MAX, ..settings };
        Ok(Self { runtime, source, settings, hosts: RefCell::default(), outside: Rc::default() })
    }

    /// From now on this stands in for other services.
    pub(crate) fn set_outside(&self, outside: Option<Rc<Outside>>) {
        self.outside.replace(outside);
    }

    /// The host of a config that is laid over the release's; `script` answers, or else the routes
    /// say which does.
    ///
    /// # Errors
    /// When the release cannot be loaded with it, in words.
    pub(crate) fn host(
        &self,
        config: &Map<String, Value>,
        script: Option<&str>,
    ) -> Result<Rc<Host>, String> {
        let key = format!("{}{}", script.is_some(), Value::Object(config.clone()));
        if let Some(host) = self.hosts.borrow().get(&key) {
            return Ok(Rc::clone(host));
        }
        let mut settings = self.settings.clone();
        lay_over(&mut settings.config, config);
        let services = Box::new(TestServices(Rc::clone(&self.outside)));
        let host_settings = settings.clone();
        let host = Host::new(settings, Arc::clone(&self.source), script, services);
        let host = Rc::new(host.map_err(|error| format!("cannot start the watchdog: {error}"))?);
        if !self.runtime.block_on(host.prepare(LOAD)) {
            let settings = &host_settings;
            let checked = self.runtime.block_on(check(self.source.as_ref(), settings, script));
            let problems = checked.map(|checked| checked.problems).unwrap_or_default();
            let problems: String =
                problems.iter().map(|problem| format!("\n  {problem}")).collect();
            return Err(format!("the scripts cannot be loaded{problems}"));
        }
        self.hosts.borrow_mut().insert(key, Rc::clone(&host));
        Ok(host)
    }

    /// Forgets all calls, in every host.
    pub(crate) fn forget_calls(&self) {
        self.hosts.borrow().values().for_each(|host| host.forget_calls());
    }

    /// A host's answer to an event at this moment, in milliseconds since 1970.
    pub(crate) fn answer(&self, host: &Host, event: &Value, now_ms: u64) -> Outcome {
        let at = Instant::now();
        let clock = UNIX_EPOCH + Duration::from_millis(now_ms);
        // Nobody waits for the answer: a script has its own deadline, and functions of the test theirs.
        let (hard, emergency_reply) =
            (HardDeadline::new(at + PATIENCE, None, None), Box::new(NobodyToTell));
        let arrival = Arrival { at, clock, hard, emergency_reply };
        self.runtime.block_on(host.answer(event.to_string().as_bytes(), arrival))
    }

    /// What of the scripts has run, by file.
    pub(crate) fn hits(&self) -> Vec<BTreeMap<String, Vec<FunctionHits>>> {
        self.hosts.borrow().values().map(|host| host.hits()).collect()
    }
}

/// A script that is stuck in one call of a library function cannot be stopped. The test waits for
/// it: there is no caller.
struct NobodyToTell;

impl EmergencyReply for NobodyToTell {
    fn speak(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    fn end(self: Box<Self>) {}
}
