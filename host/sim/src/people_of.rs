//! What people did in a recorded call, as far as its events tell: enough to play it again.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::callees::Callees;
use crate::person::{Behavior, BehaviorTrigger, Person, PersonAction, Pickup};
use crate::transcript::{Step, Transcript};

/// How long somebody is taken to talk into a recording.
const TALKS: Duration = Duration::from_secs(3);

/// The people of a recorded call.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// The first party.
    pub caller: Person,
    /// Who was called, in their order.
    pub callees: Callees,
    /// When the call was updated, and with what.
    pub updates: Vec<RecordedUpdate>,
}

/// An update of a recorded call.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedUpdate {
    /// When, from the start of the call.
    pub after: Duration,
    /// With what.
    pub arguments: Map<String, Value>,
}

/// What the caller and the callees of a recorded call did.
pub fn people_of(transcript: &Transcript) -> People {
    let mut caller = Vec::new();
    let mut callees: Vec<(Option<String>, Person)> = Vec::new();
    // When the caller and the last callee did something last.
    let mut updates = Vec::new();
    let began = transcript.steps.first().map_or(0, |step| step.now_ms);
    let mut since = transcript.steps.first().map_or(0, |step| step.now_ms);
    let mut callee_since = since;
    let mut previous: Option<&Step> = None;
    for step in &transcript.steps {
        let text = |pointer: &str| step.event.pointer(pointer).and_then(Value::as_str);
        let kind = text("/InvocationEventType").unwrap_or_default();
        let action = text("/ActionData/Type").unwrap_or_default();
        let tag = text("/ActionData/Parameters/ParticipantTag").unwrap_or("LEG-A");
        let after = |since: u64| Duration::from_millis(step.now_ms.saturating_sub(since));
        match (kind, action) {
            ("CALL_UPDATE_REQUESTED", _) => {
                let arguments = step.event.pointer("/ActionData/Parameters/Arguments");
                let arguments = arguments.and_then(Value::as_object).cloned().unwrap_or_default();
                updates.push(RecordedUpdate { after: after(began), arguments });
            }
            ("ACTION_SUCCESSFUL", "CallAndBridge") => {
                callees.push((number(&step.event), Person::quiet()));
                callee_since = step.now_ms;
            }
            ("ACTION_FAILED", "CallAndBridge") => {
                let is_unanswered = text("/ActionData/ErrorType") == Some("CallNotAnswered");
                let pickup = if is_unanswered { Pickup::Never } else { Pickup::Busy };
                callees.push((number(&step.event), Person::who(pickup)));
            }
            ("ACTION_SUCCESSFUL", "RecordAudio") => {
                let talks = PersonAction::Talk(TALKS);
                caller.push(Behavior::during("RecordAudio", Duration::ZERO, talks));
                let key = step.event.pointer("/ActionData/Parameters/RecordingTerminators/0");
                caller.extend(key.and_then(Value::as_str).map(Behavior::press));
                since = step.now_ms;
            }
            ("HANGUP", _) if !hangs_up(previous) => {
                let hang_up = |since| Behavior {
                    trigger: BehaviorTrigger::Next,
                    after: after(since),
                    action: PersonAction::HangUp,
                };
                match callees.last_mut().filter(|_| tag == "LEG-B") {
                    Some((_, callee)) => callee.behavior.push(hang_up(callee_since)),
                    None if tag == "LEG-A" => caller.push(hang_up(since)),
                    None => {}
                }
            }
            _ => {
                if let Some(digits) =
                    text("/ActionData/ReceivedDigits").filter(|all| !all.is_empty())
                {
                    match callees.last_mut().filter(|_| tag == "LEG-B") {
                        Some((_, callee)) => callee.behavior.push(Behavior::press(digits)),
                        None => caller.push(Behavior::press(digits)),
                    }
                    since = step.now_ms;
                }
            }
        }
        previous = Some(step);
    }
    let mut people = People { caller: Person::doing(caller), callees: Callees::default(), updates };
    for (number, person) in callees {
        people.callees.add(number.as_deref(), person);
    }
    people
}

/// Whether the function hung up, or had done so before.
fn hangs_up(step: Option<&Step>) -> bool {
    let actions = step.and_then(|step| step.response.get("Actions")).and_then(Value::as_array);
    let is_hang_up = |action: &Value| action.get("Type").is_some_and(|known| known == "Hangup");
    actions.is_some_and(|actions| actions.iter().any(is_hang_up))
}

/// The number that a bridge called.
fn number(event: &Value) -> Option<String> {
    let uri = event.pointer("/ActionData/Parameters/Endpoints/0/Uri").and_then(Value::as_str);
    uri.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_did_is_read_from_the_events() {
        let step = |now_ms: u64, event: Value, actions: Value| Step {
            event,
            now_ms,
            response: json!({"SchemaVersion": "1.0", "Actions": actions}),
            ..Step::default()
        };
        let bridge = json!({"Type": "CallAndBridge", "Parameters": {"Endpoints": [{"Uri": "+12065550101"}]}});
        let steps = vec![
            step(0, json!({"InvocationEventType": "NEW_INBOUND_CALL"}), json!([])),
            step(
                2000,
                json!({"InvocationEventType": "ACTION_SUCCESSFUL", "ActionData": {"Type": "SpeakAndGetDigits", "ReceivedDigits": "12"}}),
                json!([bridge]),
            ),
            step(
                5000,
                json!({"InvocationEventType": "ACTION_SUCCESSFUL", "ActionData": bridge}),
                json!([]),
            ),
            step(
                9000,
                json!({"InvocationEventType": "HANGUP", "ActionData": {"Type": "Hangup", "Parameters": {"ParticipantTag": "LEG-A"}}}),
                json!([]),
            ),
        ];
        let mut people = people_of(&Transcript { steps, ..Transcript::default() });
        let did: Vec<_> =
            people.caller.behavior.iter().map(|one| (&one.action, one.after)).collect();
        assert_eq!(
            did,
            [
                (&PersonAction::Press("12".to_owned()), Duration::from_millis(500)),
                (&PersonAction::HangUp, Duration::from_secs(7)),
            ]
        );
        assert_eq!(people.callees.next("+12065550101").pickup, Pickup::default());
    }
}
