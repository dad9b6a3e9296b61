//! What an event says of what was done, as it is recorded.

use moonring_wire::Event;
use serde_json::{Map, Value, json};

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

/// What the event says of an action besides its parameters, which whoever sent it has, and the leg that it has connected.
pub fn acted(event: &Event) -> StepResult {
    let data = event.action_data().into_iter().flatten().filter(|(name, _)| *name != "Parameters");
    let data: Map<_, _> = data.map(|(name, value)| (name.clone(), value.clone())).collect();
    let has_leg = matches!(event.action_type(), Some("CallAndBridge" | "JoinChimeMeeting"));
    let leg = if has_leg { connected(event).map(Box::new) } else { None };
    let event = json!({"InvocationEventType": event.event_type().name(), "ActionData": data});
    StepResult::Acted { event, leg }
}

/// What a bot has found out, without what Lex says besides: the intent, and the texts of its slots.
pub fn bot_result(result: Option<&Value>) -> Value {
    let state = result.and_then(|result| result.get("SessionState"));
    let intent = state.and_then(|state| state.get("Intent"));
    let text = |name: &str| intent.and_then(|intent| intent.get(name)).and_then(Value::as_str);
    let slot = |value: &Value| {
        let value = value.get("Value")?;
        value.get("InterpretedValue").or_else(|| value.get("OriginalValue"))?.as_str().map(Value::from)
    };
    let slots = intent.and_then(|intent| intent.get("Slots")).and_then(Value::as_object);
    let slots: Map<_, _> =
        slots.into_iter().flatten().filter_map(|(name, value)| Some((name.clone(), slot(value)?))).collect();
    let attributes = state.and_then(|state| state.get("SessionAttributes")).and_then(Value::as_object);
    let attributes: Map<_, _> = attributes
        .into_iter()
        .flatten()
        .filter(|(_, value)| value.is_string())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut found = Map::new();
    for (key, name) in [("name", "Name"), ("state", "State"), ("confirmation", "ConfirmationState")] {
        if let Some(text) = text(name) {
            found.insert(key.to_owned(), Value::from(text));
        }
    }
    found.insert("slots".to_owned(), Value::Object(slots));
    found.insert("attributes".to_owned(), Value::Object(attributes));
    Value::Object(found)
}
