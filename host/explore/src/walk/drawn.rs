//! What an answer looks like in the drawing.

use moonring_exchange::Tag;
use moonring_flow::{Place, stable_hash};

use super::Walk;
use crate::answer::AnswerView;
use crate::choice::Choice;
use crate::graph::{Node, NodeShape, THE_END};
use crate::outside::{Fate, Met};
use crate::path::Path;

impl Walk<'_> {
    /// The node of an answer, with an edge from the answer before.
    pub(super) fn draw(
        &mut self,
        path: &Path,
        view: &AnswerView,
        key: u64,
        is_failure: bool,
        place: Option<Place>,
        met: &[Met],
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
            _ if view.actions.is_empty() => THE_END.to_owned(),
            _ => {
                view.actions.iter().map(|it| it.action_type.as_str()).collect::<Vec<_>>().join(", ")
            }
        };
        let number = view.waiting().and_then(|action| action.text("/Endpoints/0/Uri"));
        let text = number.map_or(text.clone(), |number| format!("{text} → {number}"));
        let shape = if is_rest { NodeShape::Calls } else { shape };
        // All ends look the same.
        let key = if shape == NodeShape::Ends && view.actions.is_empty() { 1 } else { key };
        let node = self.drawing.node(key, || {
            let (path, findings) = (path.words(), Vec::new());
            Node { text, shape, place, path, findings }
        });
        let choice = path.steps.last().map(|step| step.choice.to_string()).unwrap_or_default();
        let may_be_anywhere = |choice: &Choice| {
            choice.is_fault() || choice.leaves() || matches!(choice, Choice::Update { .. })
        };
        let is_aside = path.steps.last().is_some_and(|step| may_be_anywhere(&step.choice));
        if met.is_empty() {
            self.drawing.edge(from, node, &choice, is_aside);
            return node;
        }
        let asking = Asking { from, choice: choice.clone() };
        let asks = self.requests(path, asking, node, met);
        self.drawing.edge(from, asks, &choice, is_aside);
        self.drawing.edge(asks, node, &outcome(met), is_aside);
        node
    }

    /// The node of the requests of an event.
    fn requests(&mut self, path: &Path, asking: Asking, answer: usize, met: &[Met]) -> usize {
        if let Some(known) = self.asking.get(&asking) {
            return *known;
        }
        // Where nothing fails, as in the first way of an event: what is asked, and what is said then.
        // Choices that lead to the same there are drawn once.
        let place = met.iter().find_map(|met| met.place.clone());
        let line = place.as_ref().map(Place::to_string).unwrap_or_default();
        let numbers = [asking.from, answer].map(|number| number.to_string());
        let parts = ["requests", &line].into_iter().chain(numbers.iter().map(String::as_str));
        let node = self.drawing.node(stable_hash(parts.map(str::as_bytes)), || {
            let mut asked: Vec<&str> = met.iter().map(|met| met.what.as_str()).collect();
            asked.dedup();
            let (text, shape) = (asked.join(", "), NodeShape::Requests);
            Node { text, shape, place, path: path.words(), findings: Vec::new() }
        });
        self.asking.insert(asking, node);
        node
    }
}

/// What becomes of the requests of an event, in words.
fn outcome(met: &[Met]) -> String {
    let failed = met.iter().find_map(|met| match met.fate {
        Fate::Fails(why) => Some(Failed { what: &met.what, why: why.replace('_', " ") }),
        Fate::Answered | Fate::Empty => None,
    });
    match failed {
        None => "done".to_owned(),
        Some(Failed { why, .. }) if met.len() == 1 => why,
        Some(Failed { what, why }) => format!("{what}: {why}"),
    }
}

/// Where requests are made: behind a node, once this was chosen there.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asking {
    from: usize,
    choice: String,
}

/// A request that has failed.
struct Failed<'a> {
    what: &'a str,
    why: String,
}
