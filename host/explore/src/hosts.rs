//! The host that answers the events of all paths.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use moonring_runtime::{
    Arrival, Counting, EmergencyReply, FunctionHits, HardDeadline, Host, Outcome, Settings, check,
};
use serde_json::Value;

use crate::outside::{Ended, Fate, Memory, Outside, PathServices};
use crate::plan::{ExploreError, Plan};

/// How long the scripts may take to load. Nobody is on the line.
const LOAD: Duration = Duration::from_secs(60);
/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(3600);

/// The host, and what stands around it.
pub(crate) struct PathHost {
    runtime: tokio::runtime::Runtime,
    host: Host,
    outside: Rc<Outside>,
    script: Option<String>,
}

/// An event, and what stands around it.
pub(crate) struct Question<'a> {
    pub(crate) event: &'a Value,
    pub(crate) now_ms: u64,
    pub(crate) memory: &'a Memory,
    pub(crate) chosen: &'a [Fate],
}

/// What became of an event.
pub(crate) struct Answered {
    pub(crate) outcome: Outcome,
    pub(crate) answer: Value,
    pub(crate) ended: Ended,
}

impl PathHost {
    pub(crate) fn new(plan: &Plan) -> Result<Self, ExploreError> {
        let system = |error: std::io::Error| ExploreError::System(error.to_string());
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(system)?;
        // Paths run on what is there when they begin.
        let counting = Counting::Lines;
        let settings = Settings { refresh: Duration::MAX, counting, ..plan.settings.clone() };
        if let Some(replies) = &plan.replies {
            replies.read().map_err(|error| ExploreError::Replies(error.to_string()))?;
        }
        let outside = Rc::new(Outside::new(plan.replies.clone()));
        let services = Box::new(PathServices(Rc::clone(&outside)));
        let (source, script) = (Arc::clone(&plan.source), plan.script.clone());
        let host = Host::new(settings.clone(), source, script.as_deref(), services);
        let host = host
            .map_err(|error| ExploreError::System(format!("cannot start the watchdog: {error}")))?;
        if !runtime.block_on(host.prepare(LOAD)) {
            let checked =
                runtime.block_on(check(plan.source.as_ref(), &settings, script.as_deref()));
            let problems = checked.map(|checked| checked.problems).unwrap_or_default();
            let problems = problems.iter().map(|problem| format!("\n  {problem}"));
            return Err(ExploreError::Release(problems.collect()));
        }
        Ok(Self { runtime, host, outside, script })
    }

    /// A process of its own answers: nothing of the call is known but what the event says.
    pub(crate) fn answer_cold(&self, question: &Question<'_>) -> Answered {
        self.host.forget_calls();
        self.answer_warm(question)
    }

    /// The process that answered before answers again.
    pub(crate) fn answer_warm(&self, question: &Question<'_>) -> Answered {
        let Question { event, now_ms, memory, chosen } = question;
        self.host.force(self.script.as_deref());
        self.outside.begin((*memory).clone(), chosen, *now_ms);
        let at = Instant::now();
        let clock = UNIX_EPOCH + Duration::from_millis(*now_ms);
        let hard = HardDeadline::new(at + PATIENCE, None, None);
        let arrival = Arrival { at, clock, hard, emergency_reply: Box::new(NobodyToTell) };
        let text = event.to_string();
        let outcome = self.runtime.block_on(self.host.answer(text.as_bytes(), arrival));
        let answer = serde_json::from_slice(&outcome.answer.to_bytes()).unwrap_or_default();
        Answered { outcome, answer, ended: self.outside.end() }
    }

    /// Nothing of any call is known any more.
    pub(crate) fn forget_calls(&self) {
        self.host.forget_calls();
    }

    /// How often the lines of the scripts have run, by file.
    pub(crate) fn hits(&self) -> BTreeMap<String, Vec<FunctionHits>> {
        self.host.hits()
    }

    /// What of the scripts has run, as `file` and lines with how often.
    pub(crate) fn lines_run(&self) -> Vec<LineRun> {
        let hits = self.host.hits();
        let lines = hits.iter().flat_map(|(file, functions)| {
            let hits = functions.iter().flat_map(|function| &function.hits);
            hits.map(|(line, times)| LineRun { file: file.clone(), line: *line, times: *times })
        });
        lines.collect()
    }
}

/// How often a line has run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineRun {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) times: u32,
}

/// A script that is stuck in one call of a library function cannot be stopped. The walk waits for
/// it: there is no caller.
struct NobodyToTell;

impl EmergencyReply for NobodyToTell {
    fn speak(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    fn end(self: Box<Self>) {}
}
