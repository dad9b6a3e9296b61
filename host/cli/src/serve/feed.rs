//! What happens in all calls, as events with numbers: kept for a while, so that a reader who comes
//! back misses nothing.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::clock::now_ms;

/// How many events are kept.
const KEPT: usize = 20_000;

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct FeedEvent {
    /// A number that grows, also from one run of the server to the next.
    pub(crate) id: u64,
    /// `call`, `story`, `over` or `release`.
    pub(crate) kind: &'static str,
    /// The call's TransactionId; none where it is about the scripts.
    pub(crate) call: Option<String>,
    pub(crate) data: Value,
}

/// All events of a server.
#[derive(Clone)]
pub(crate) struct Feed {
    kept: Arc<Mutex<Kept>>,
    /// The number of the last event.
    last: Arc<watch::Sender<u64>>,
}

struct Kept {
    events: VecDeque<FeedEvent>,
    next: u64,
}

impl Feed {
    pub(crate) fn new() -> Self {
        // A server that starts again goes on behind the numbers of the one before.
        let next = now_ms().saturating_mul(1000);
        let kept = Kept { events: VecDeque::new(), next };
        Self { kept: Arc::new(Mutex::new(kept)), last: Arc::new(watch::Sender::new(0)) }
    }

    /// Adds an event of a call.
    pub(crate) fn add(&self, kind: &'static str, call: &str, data: Value) {
        self.add_event(kind, Some(call.to_owned()), data);
    }

    /// Adds an event that is about no call.
    pub(crate) fn add_for_all(&self, kind: &'static str, data: Value) {
        self.add_event(kind, None, data);
    }

    fn add_event(&self, kind: &'static str, call: Option<String>, data: Value) {
        let id = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let id = kept.next;
            kept.next += 1;
            kept.events.push_back(FeedEvent { id, kind, call, data });
            if kept.events.len() > KEPT {
                kept.events.pop_front();
            }
            id
        };
        self.last.send_replace(id);
    }

    /// The first event behind this number, of a call or of all.
    pub(crate) fn after(&self, id: u64, call: Option<&str>) -> Option<FeedEvent> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let start = kept.events.partition_point(|event| event.id <= id);
        let is_it =
            |event: &&FeedEvent| call.is_none_or(|call| event.call.as_deref() == Some(call));
        kept.events.iter().skip(start).find(is_it).cloned()
    }

    /// Tells of new events.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.last.subscribe()
    }
}

impl FeedEvent {
    /// What a reader gets: the data, with the call's id.
    pub(crate) fn to_json(&self) -> Value {
        let mut data = self.data.clone();
        if let (Some(call), Some(fields)) = (&self.call, data.as_object_mut()) {
            fields.insert("TransactionId".to_owned(), json!(call));
        }
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_who_comes_back_gets_what_came_meanwhile() {
        let feed = Feed::new();
        for (kind, call) in [("call", "a"), ("call", "b"), ("over", "a")] {
            feed.add(kind, call, json!({}));
        }
        let first = feed.after(0, None).unwrap();
        assert_eq!((first.kind, first.call.as_deref()), ("call", Some("a")));
        assert_eq!(feed.after(first.id, None).unwrap().call.as_deref(), Some("b"));
        assert_eq!(feed.after(first.id, Some("a")).unwrap().kind, "over");
        let last = feed.after(first.id, Some("a")).unwrap().id;
        assert!(feed.after(last, None).is_none());
        assert_eq!(first.to_json(), json!({"TransactionId": "a"}));
    }
}
