//! Which script a call runs: chosen by the release's routes at its first event, and kept in an attribute of the host's own.

use moonring_engine::{Compiled, FallbackPlan, OnNewCallError, Routes, script_file};
use moonring_wire::{Answer, Event, EventType, Status};
use serde_json::Value;

/// The attribute that keeps the script of a call. Scripts neither see nor set names that begin like this.
const KEY: &str = "_mr";
/// The script that answers where a release has no routes.
const MAIN: &str = "main";

/// What was chosen for an event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) script: String,
    pub(crate) plan: Option<FallbackPlan>,
    /// Whether the service shall try its next application if this new call's script fails.
    pub(crate) fails_over: bool,
}

impl Chosen {
    /// The script of an event: the one that is forced, the one the call has kept, the one its routes say, or `main`.
    pub(crate) fn new(compiled: &Compiled, event: &Event, forced: Option<&str>) -> Self {
        match (forced, compiled.routes()) {
            (Some(script), _) => Self { script: script.to_owned(), plan: None, fails_over: false },
            (None, None) => Self { script: MAIN.to_owned(), plan: None, fails_over: false },
            (None, Some(routes)) => Self::by_routes(compiled, routes, event),
        }
    }

    fn by_routes(compiled: &Compiled, routes: &Routes, event: &Event) -> Self {
        let kept = kept(event).filter(|script| script_file(script, compiled.file_names()).is_some());
        let (script, plan) = kept.map_or_else(|| routes.choose(event), |script| (script, routes.fallback_of(script)));
        let is_new = event.event_type() == EventType::NewInboundCall;
        let fails_over = is_new && routes.rest.on_new_call_error == Some(OnNewCallError::Failover);
        Self { script: script.to_owned(), plan: plan.cloned(), fails_over }
    }

    /// Has the service keep the choice with the call. Attributes in an answer replace all that were there (rule 50), so the host's own is
    /// put beside the script's.
    pub(crate) fn keep(&self, event: &Event, answer: &mut Answer) {
        let is_over = event.event_type() == EventType::Hangup
            && event.participants().all(|leg| leg.status() == Status::Disconnected);
        if kept(event) == Some(&self.script) && answer.transaction_attributes.is_none() || is_over {
            return;
        }
        let stored = || event.attributes().cloned().unwrap_or_default();
        answer
            .transaction_attributes
            .get_or_insert_with(stored)
            .insert(KEY.to_owned(), Value::from(self.script.as_str()));
    }
}

/// The script that was kept with the call.
fn kept(event: &Event) -> Option<&str> {
    event.attributes()?.get(KEY)?.as_str()
}
