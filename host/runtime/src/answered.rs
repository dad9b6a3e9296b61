//! What the last answers were made of: when the service refuses one, its author wants the lines.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use moonring_engine::Place;
use moonring_wire::{Event, EventType};

/// The most calls whose last answer is remembered.
const CALLS: usize = 1000;

/// The types of an answer's actions, and where they were built.
type Places = Vec<(String, Option<Place>)>;

/// The actions of the last answer to each call.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    calls: RefCell<HashMap<String, Places>>,
    /// The calls, the oldest first.
    order: RefCell<VecDeque<String>>,
}

impl Answered {
    /// Remembers the answer to an event of a call.
    pub(crate) fn remember(&self, event: &Event, places: Places) {
        let Some(call) = event.call_id().filter(|_| !places.is_empty()) else { return };
        let (mut calls, mut order) = (self.calls.borrow_mut(), self.order.borrow_mut());
        if calls.insert(call.to_owned(), places).is_none() {
            order.push_back(call.to_owned());
        }
        while order.len() > CALLS {
            if let Some(oldest) = order.pop_front() {
                calls.remove(&oldest);
            }
        }
    }

    /// Where the answer was made that this event says was refused: the actions it names, or else all.
    pub(crate) fn refused(&self, event: &Event) -> Option<String> {
        if event.event_type() != EventType::InvalidLambdaResponse {
            return None;
        }
        let calls = self.calls.borrow();
        let places = calls.get(event.call_id()?)?;
        let said = event.error_text().unwrap_or_default();
        let is_named = |(action, _): &&(String, Option<Place>)| said.contains(action.as_str());
        let named: Vec<_> = places.iter().filter(is_named).collect();
        let meant = if named.is_empty() { places.iter().collect() } else { named };
        let told = meant.iter().map(|(action, place)| match place {
            Some(place) => format!("{action} {place}"),
            None => action.clone(),
        });
        Some(told.collect::<Vec<_>>().join(", "))
    }
}
