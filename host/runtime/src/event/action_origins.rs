//! What the last answers were made of: when the service refuses one, its author wants the lines.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use moonring_engine::ActionOrigin;
use moonring_flow::Place;
use moonring_wire::{Event, EventType};

use crate::event::redact::Redactor;

/// The most calls whose last answer is remembered.
const CALLS: usize = 200;

/// How the service says that an action has parameters it does not take (rule 28).
const INVALID_PARAMETER: &str = "InvalidActionParameter";

/// An action that the service did not take. Only its author can mend it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InvalidAction {
    action_type: String,
    places: Vec<Place>,
}

impl InvalidAction {
    /// Says so, at the line: a flow would see no more of it than an error among others.
    pub(crate) fn log(&self, event: &Event, redactor: &Redactor<'_>) {
        let Self { action_type, places } = self;
        let said = event.error_text().unwrap_or_default();
        let said = redactor.text(&said);
        let built = places.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        let gap = if built.is_empty() { "" } else { ": " };
        let first = places.first();
        tracing::error!(
            call = event.call_id(),
            action = action_type,
            file = first.map(|place| place.file.as_str()),
            line = first.map(|place| place.line),
            "{built}{gap}the service refused {action_type}: {said}; correct its parameters"
        );
    }
}

/// The actions of the last answer to each call.
#[derive(Debug, Default)]
pub(crate) struct ActionOrigins {
    calls: RefCell<HashMap<String, Vec<ActionOrigin>>>,
    /// The calls, the oldest first.
    order: RefCell<VecDeque<String>>,
}

impl ActionOrigins {
    /// Forgets all calls.
    pub(crate) fn forget_all(&self) {
        self.calls.borrow_mut().clear();
        self.order.borrow_mut().clear();
    }

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

    /// The action that the service did not take as it was, if this event says so of one, and the
    /// lines that may have built it.
    pub(crate) fn invalid(&self, event: &Event) -> Option<InvalidAction> {
        let is_invalid = event.event_type() == EventType::ActionFailed
            && event.action_error_type() == Some(INVALID_PARAMETER);
        let action_type = event.action_type().filter(|_| is_invalid)?.to_owned();
        let calls = self.calls.borrow();
        let origins = calls.get(event.call_id()?).into_iter().flatten();
        let mut places: Vec<Place> = origins
            .filter(|origin| origin.action_type == action_type)
            .filter_map(|origin| origin.place.clone())
            .collect();
        places.dedup();
        Some(InvalidAction { action_type, places })
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
