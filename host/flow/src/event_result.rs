//! What an event says of what was done, as it is recorded.

use moonring_wire::{Event, Object};
use serde_json::{Map, json};

use crate::legs::{ConnectedLeg, other_legs};
use crate::step_result::StepResult;

/// The second leg that is up now.
pub fn connected(event: &Event) -> Option<StepResult> {
    let leg = other_legs(event).next()?;
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let (id, from, to) = (text(leg.id()), text(leg.from()), text(leg.to()));
    let tag = leg.tag().unwrap_or("LEG-B").to_ascii_uppercase();
    Some(StepResult::Leg(ConnectedLeg { tag, id, from, to }))
}

/// What the event says of an action besides its parameters, which its sender has, and the leg
/// that it has connected.
pub fn acted(event: &Event) -> StepResult {
    let data = event
        .action_data()
        .into_iter()
        .flat_map(Object::iter)
        .filter(|(name, _)| *name != "Parameters");
    let data: Map<_, _> = data.map(|(name, value)| (name.to_owned(), value.to_value())).collect();
    let has_leg = matches!(event.action_type(), Some("CallAndBridge" | "JoinChimeMeeting"));
    let leg = if has_leg { connected(event).map(Box::new) } else { None };
    let event = json!({"InvocationEventType": event.event_type().name(), "ActionData": data});
    StepResult::Acted { event, leg }
}
