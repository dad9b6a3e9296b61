//! What the last answers were made of: when the service refuses one, its author wants the lines.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use moonring_engine::ActionOrigin;
use moonring_wire::{Event, EventType};

/// The most calls whose last answer is remembered.
const CALLS: usize = 200;

/// The actions of the last answer to each call.
#[derive(Debug, Default)]
pub(crate) struct ActionOrigins {
    calls: RefCell<HashMap<String, Vec<ActionOrigin>>>,
    /// The calls, the oldest first.
    order: RefCell<VecDeque<String>>,
}

impl ActionOrigins {
    /// Remembers the answer to an event of a call.
    pub(crate) fn remember(&self, event: &Event, origins: Vec<ActionOrigin>) {
        let Some(call) = event.call_id().filter(|_| !origins.is_empty()) else { return };
        let (mut calls, mut order) = (self.calls.borrow_mut(), self.order.borrow_mut());
        if calls.insert(call.to_owned(), origins).is_none() {
            order.push_back(call.to_owned());
        }
        while order.len() > CALLS {
            if let Some(oldest) = order.pop_front() {
                calls.remove(&oldest);
            }
        }
    }

    /// Where the answer was made that this event says was refused: the actions it names, or else
    /// all.
    pub(crate) fn refused(&self, event: &Event) -> Option<String> {
        if event.event_type() != EventType::InvalidLambdaResponse {
            return None;
        }
        let calls = self.calls.borrow();
        let origins = calls.get(event.call_id()?)?;
        let said = event.error_text().unwrap_or_default();
        let is_named = |origin: &&ActionOrigin| said.contains(origin.action_type.as_str());
        let named: Vec<_> = origins.iter().filter(is_named).collect();
        let meant = if named.is_empty() { origins.iter().collect() } else { named };
        let told = meant.iter().map(|ActionOrigin { action_type, place }| match place {
            Some(place) => format!("{action_type} {place}"),
            None => action_type.clone(),
        });
        Some(told.collect::<Vec<_>>().join(", "))
    }
}
