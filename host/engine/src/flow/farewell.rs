//! How a call has ended, for what was given to `on_hangup`.

use moonring_flow::{StepKind, StepResult, is_outbound, other_legs};
use moonring_wire::Event;

use super::Flow;
use super::begin::legs_of;
use crate::vm::program::Vm;

/// How a call ended, for what was given to `on_hangup`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Farewell {
    /// Why.
    pub(crate) why: &'static str,
    /// Who or what ended it.
    pub(crate) by: &'static str,
    /// The SIP code of the HANGUP, where there is one.
    pub(crate) code: Option<u64>,
}

impl Vm {
    /// How the call of a flow that has failed has ended.
    pub(crate) fn flow_ended(&self, event: &Event) -> Farewell {
        let facts = self.current.facts.borrow();
        let ended = facts.flow.as_ref().map(|flow| flow.ended(event));
        let unknown = Farewell { why: "error", by: "script", code: None };
        Farewell { code: ended.and_then(|ended| ended.code), ..unknown }
    }
}

impl Flow {
    /// Whether the last step that ended was left by its party.
    fn was_left(&self) -> bool {
        self.journal.entries().last().is_some_and(|entry| {
            matches!(&entry.result, StepResult::Failed(failure) if failure.error_type == "left")
        })
    }

    /// How the call has ended.
    pub(crate) fn ended(&self, event: &Event) -> Farewell {
        let code = event.action_parameter("SipResponseCode");
        let code = code.and_then(|code| code.as_u64().or_else(|| code.as_str()?.parse().ok()));
        let kind = self.pending.as_ref().map(|pending| pending.kind);
        let is_with_other = other_legs(event).next().is_some();
        let person = if is_outbound(event) { "callee" } else { "caller" };
        let why = self.ended_why(event);
        let by = match kind.or(self.journal.notes.step.map(|(kind, _)| kind)) {
            // Whatever the flow waited for: the call was not answered.
            _ if !matches!(why, "hangup" | "error") => person,
            // One that was never sent comes behind a party that has left.
            Some(StepKind::HANGUP) if !self.journal.notes.sent.is_empty() => "script",
            // The first leg goes while two talk; or the second has gone, and the first is hung up.
            Some(StepKind::END) if is_with_other => person,
            Some(StepKind::END) if !legs_of(&self.journal).is_empty() => "callee",
            // The step before it ended because nobody was there any more.
            Some(StepKind::END) if self.was_left() => person,
            Some(StepKind::END) => "end",
            _ => person,
        };
        Farewell { why, by, code }
    }
}
