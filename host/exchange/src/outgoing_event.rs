//! An event that waits to be given to the function.

use moonring_wire::EventType;
use serde_json::{Map, Value};

use crate::leg::LegNumber;

/// An event that waits its turn.
#[derive(Debug, Clone)]
pub(crate) struct OutgoingEvent {
    pub(crate) event_type: EventType<'static>,
    /// The leg it is about.
    pub(crate) leg: LegNumber,
    pub(crate) action_data: Option<Value>,
    /// What stands at the top of the event besides, as the error of a refused answer does (rule
    /// 53).
    pub(crate) top: Map<String, Value>,
}

impl OutgoingEvent {
    pub(crate) fn new(
        event_type: EventType<'static>,
        leg: LegNumber,
        action_data: Option<Value>,
    ) -> Self {
        Self { event_type, leg, action_data, top: Map::new() }
    }
}
