//! What an answer looks like in the drawing.

use moonring_exchange::Tag;

use super::Walk;
use crate::answer::AnswerView;
use crate::choice::Choice;
use crate::graph::{Node, NodeShape};
use crate::path::Path;

impl Walk<'_> {
    /// The node of an answer, with an edge from the answer before.
    pub(super) fn draw(
        &mut self,
        path: &Path,
        view: &AnswerView,
        key: u64,
        is_failure: bool,
        failed: &[String],
    ) -> usize {
        let from = path.steps.last().map_or(0, |step| step.node);
        let is_rest = view.actions.is_empty() && path.call.is_up();
        let exchange = path.call.exchange();
        let has_callee = exchange.leg(Tag::B).is_some_and(|leg| exchange.is_leg_up(leg));
        // What runs goes on: nothing new is heard.
        if is_rest && !has_callee && !is_failure {
            return from;
        }
        let shape = match view.waiting().map(|action| action.action_type.as_str()) {
            _ if is_failure => NodeShape::Fails,
            Some("CallAndBridge" | "JoinChimeMeeting") => NodeShape::Calls,
            Some("RecordAudio") => NodeShape::Records,
            Some("Hangup") => NodeShape::Ends,
            Some(kind) if kind.ends_with("AndGetDigits") => NodeShape::Asks,
            Some("StartBotConversation") => NodeShape::Asks,
            _ if view.actions.is_empty() => NodeShape::Ends,
            _ => NodeShape::Says,
        };
        let text = match view.said() {
            said if !said.is_empty() => said,
            _ if is_failure => "the fallback".to_owned(),
            _ if is_rest => "the parties talk".to_owned(),
            _ if view.actions.is_empty() => "the end".to_owned(),
            _ => {
                view.actions.iter().map(|it| it.action_type.as_str()).collect::<Vec<_>>().join(", ")
            }
        };
        let number = view.waiting().and_then(|action| action.text("/Endpoints/0/Uri"));
        let text = number.map_or(text.clone(), |number| format!("{text} → {number}"));
        let shape = if is_rest { NodeShape::Calls } else { shape };
        // All ends look the same.
        let key = if shape == NodeShape::Ends && view.actions.is_empty() { 1 } else { key };
        let place = view.place().cloned();
        let node = self.drawing.node(key, || {
            let (path, findings) = (path.words(), Vec::new());
            Node { text, shape, place, path, findings }
        });
        let choice = path.steps.last().map(|step| step.choice.to_string()).unwrap_or_default();
        let label = match failed.first() {
            Some(failed) if choice.is_empty() => failed.clone(),
            Some(failed) => format!("{choice}, {failed}"),
            None => choice,
        };
        let may_be_anywhere = |choice: &Choice| {
            choice.is_fault()
                || matches!(choice, Choice::HangUp { .. } | Choice::Leave | Choice::Update { .. })
        };
        let is_aside = !failed.is_empty()
            || path.steps.last().is_some_and(|step| may_be_anywhere(&step.choice));
        self.drawing.edge(from, node, &label, is_aside);
        node
    }
}
