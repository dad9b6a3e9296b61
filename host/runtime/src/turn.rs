//! One event on its way to its answer: all that becomes known of it.

use moonring_engine::{ActionOrigin, Breadcrumb, LogKind, LogRecord, RunOutcome};
use moonring_flow::{Reply, Request, SavedJournal};
use moonring_wire::Answer;
use serde_json::Value;

use crate::durability::call_state::CallState;
use crate::release::router::Selection;

/// The most characters of the names of requests in a line of the log, but for those of the last one.
const MOST_ASKED: usize = 200;

/// What is known of one event once it was parsed, whether or not its script answered.
#[derive(Default)]
pub(crate) struct Turn {
    /// What the host kept with the call, as the event brought it.
    pub(crate) came: CallState,
    /// The release and the script that answer.
    pub(crate) selection: Option<Selection>,
    /// What the script logged.
    pub(crate) log: Vec<LogRecord>,
    /// Where the actions of the answer come from.
    pub(crate) origins: Vec<ActionOrigin>,
    /// The journal to be kept with the call, where the script is a flow.
    pub(crate) journal: Option<SavedJournal>,
    /// Where a flow failed: the caller's way to that point.
    pub(crate) breadcrumbs: Vec<Breadcrumb>,
    /// Whether the script is a flow.
    pub(crate) is_flow: bool,
    /// Whether it waits for digits that are secret.
    pub(crate) asks_secret: bool,
    /// Whether something secret was typed before.
    pub(crate) has_secret: bool,
    /// Whether the script has made requests.
    pub(crate) has_requested: bool,
    /// Whether the call is one of those that are kept for a replay.
    pub(crate) is_recorded: bool,
    /// What the script asked of other services, where that is so.
    pub(crate) requests: Vec<Value>,
    /// The names of its requests, as the log has them: `storage:put,http:GET!timeout`.
    pub(crate) asked: String,
    /// Whether a function given to `on_hangup` failed.
    pub(crate) has_failed_hook: bool,
    /// What it answered, where that would leave the caller in silence.
    pub(crate) unheard: Option<Answer>,
}

impl Turn {
    /// The turn of an event that brought this.
    pub(crate) fn new(came: CallState) -> Self {
        Self { came, ..Self::default() }
    }

    /// A request was made, and this came back.
    pub(crate) fn tell_request(&mut self, request: &Request, reply: &Reply) {
        if self.asked.len() > MOST_ASKED {
            return;
        }
        if !self.asked.is_empty() {
            self.asked.push(',');
        }
        self.asked.push_str(&request.name());
        if let Reply::Failed { error_type, .. } = reply {
            self.asked.push('!');
            self.asked.push_str(error_type);
        }
    }

    /// Takes what the engine says besides its step.
    pub(crate) fn take_in(&mut self, outcome: &mut RunOutcome) {
        let is_failure = |record: &LogRecord| record.kind == LogKind::HookFailure;
        self.has_failed_hook |= outcome.log.iter().any(is_failure);
        self.log.append(&mut outcome.log);
        self.origins.append(&mut outcome.origins);
        self.breadcrumbs = std::mem::take(&mut outcome.breadcrumbs);
        self.journal = outcome.journal.take();
        self.asks_secret = outcome.asks_secret;
        self.has_secret = outcome.has_secret;
        self.is_flow = self.journal.is_some();
    }
}
