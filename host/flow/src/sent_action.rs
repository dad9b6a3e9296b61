//! What is on the line: the actions that were sent last, in a few characters each.
//!
//! An event is held against this and never against what the script would build now: a cold process
//! may build the step with other words, of another release or another setting, and an event that is
//! taken for nobody's leaves the caller in silence.

use std::borrow::Cow;

use moonring_wire::{Action, Event, EventType, Json};
use serde_json::Value;

use crate::journal_codec::{Reader, Writer};
use crate::legs::LegRef;
use crate::stable_hash::stable_hash;

/// One action that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentAction {
    /// What it is, as twelve bits of its type's name.
    kind: u32,
    /// The leg it is for; 0 where the service chooses.
    leg: u32,
    /// What tells it from its like: its text, its file, its number. 0 where nothing does.
    mark: u32,
    /// Whether it is the waiting method's own, and was not queued before.
    pub is_own: bool,
}

/// Where that stands in the parameters of an action, by its type.
const MARKS: [(&str, &[&str]); 9] = [
    ("Speak", &["Text"]),
    ("SpeakAndGetDigits", &["SpeechParameters", "Text"]),
    ("PlayAudio", &["AudioSource", "Key"]),
    ("PlayAudioAndGetDigits", &["AudioSource", "Key"]),
    ("CallAndBridge", &["Endpoints", FIRST, "Uri"]),
    ("Pause", &["DurationInMilliseconds"]),
    ("SendDigits", &["Digits"]),
    ("ReceiveDigits", &["InputDigitsRegex"]),
    ("Hangup", &["CallId"]),
];
/// The first item of a list.
const FIRST: &str = "0";

impl SentAction {
    pub fn of(action: &Action, is_own: bool) -> Self {
        let parameters = action.parameters.as_ref();
        let leg =
            parameters.and_then(|parameters| parameters.get("CallId")).and_then(Value::as_str);
        let mark = parameters.and_then(|parameters| sent_mark(&action.action_type, parameters));
        Self {
            kind: short(&action.action_type),
            leg: leg.map_or(0, short),
            mark: mark.map_or(0, |text| short(&text)),
            is_own,
        }
    }

    /// Whether an event is about an action of this type and leg.
    fn is_like(self, event: &Event) -> bool {
        let leg = if self.leg == 0 { None } else { LegRef::of(event).id };
        event.action_type().is_some_and(|name| short(name) == self.kind)
            && leg.is_none_or(|leg| short(leg) == self.leg)
    }

    /// Whether an event is about this action: its type, its leg, and what tells it from its like,
    /// as far as the event says (rule 28).
    pub fn is_of(self, event: &Event) -> bool {
        let Some(action_type) = event.action_type().filter(|_| self.is_like(event)) else {
            return false;
        };
        let came =
            event.action_data().and_then(|data| data.get("Parameters")).filter(|_| self.mark != 0);
        let mark = came.and_then(|came| came_mark(action_type, came));
        mark.is_none_or(|text| short(&text) == self.mark)
    }

    /// Whether it is an action of this type.
    pub fn is(self, action_type: &str) -> bool {
        self.kind == short(action_type)
    }

    pub fn write(self, to: &mut Writer) {
        to.letter(if self.is_own { 'o' } else { 'q' });
        [self.kind, self.leg, self.mark].into_iter().for_each(|part| to.twelve_bits(part));
    }

    pub fn read(from: &mut Reader<'_>) -> Option<Self> {
        let is_own = match from.letter()? {
            'o' => true,
            'q' => false,
            _ => return None,
        };
        Some(Self {
            is_own,
            kind: from.twelve_bits()?,
            leg: from.twelve_bits()?,
            mark: from.twelve_bits()?,
        })
    }
}

/// Which of the actions that were sent last an event is about, if any. `former` are those that were
/// sent before: what comes late of them is none of these. What tells an action from its like only
/// chooses between several: nobody knows how the service writes a text that it gives back.
pub fn found(event: &Event, sent: &[SentAction], former: &[SentAction]) -> Option<usize> {
    if let Some(index) = sent.iter().position(|sent| sent.is_of(event)) {
        return Some(index);
    }
    if is_former(event, former) {
        return None;
    }
    match event.event_type() {
        EventType::ActionFailed => sent.iter().position(|sent| sent.is_like(event)),
        _ => sent.iter().rposition(|sent| sent.is_like(event)),
    }
}

/// Whether an event is about one of the actions that were sent before.
pub fn is_former(event: &Event, former: &[SentAction]) -> bool {
    former.iter().any(|former| former.is_of(event))
}

/// What tells an action from its like. Numbers may become texts on the way.
fn sent_mark<'a>(action_type: &str, parameters: &'a Value) -> Option<Cow<'a, str>> {
    let found = place(action_type)?.iter().try_fold(parameters, |value, name| match *name {
        FIRST => value.get(0),
        name => value.get(name),
    });
    match found? {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The same of an action as an event gives it back.
fn came_mark<'a>(action_type: &str, parameters: &'a Json) -> Option<Cow<'a, str>> {
    let found = place(action_type)?.iter().try_fold(parameters, |value, name| match *name {
        FIRST => value.as_array()?.first(),
        name => value.get(name),
    });
    match found? {
        Json::String(text) => Some(text.into()),
        Json::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

fn place(action_type: &str) -> Option<&'static [&'static str]> {
    MARKS.iter().find(|(known, _)| *known == action_type).map(|(_, place)| *place)
}

/// Twelve bits of a text, never 0.
fn short(text: &str) -> u32 {
    u32::try_from(stable_hash([text.as_bytes()]) % 4095).unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_is_held_against_what_was_sent() {
        let sent = |action: &str, parameters: Value| {
            SentAction::of(&Action::new(action, parameters.as_object().unwrap().clone()), true)
        };
        let event = |action: &str, parameters: Value| {
            let event = json!({
                "InvocationEventType": "ACTION_SUCCESSFUL", "ActionData": {"Type": action, "Parameters": parameters},
                "CallDetails": {"Participants": [{"CallId": "a", "ParticipantTag": "LEG-A"}]},
            });
            Event::parse(event.to_string().as_bytes()).unwrap()
        };
        let speak = sent("Speak", json!({"CallId": "a", "Text": "Hello.", "VoiceId": "Joanna"}));
        assert!(speak.is_of(&event("Speak", json!({"CallId": "a", "Text": "Hello."}))));
        assert!(
            speak.is_of(&event("Speak", json!({"CallId": "a"}))),
            "what the event does not say is no difference"
        );
        assert!(!speak.is_of(&event("Speak", json!({"CallId": "b", "Text": "Hello."}))));
        assert!(!speak.is_of(&event("Speak", json!({"CallId": "a", "Text": "Hello!"}))));
        assert!(!speak.is_of(&event("Pause", json!({"CallId": "a"}))));
        let pause = sent("Pause", json!({"DurationInMilliseconds": 500}));
        assert!(
            pause.is_of(&event("Pause", json!({"CallId": "b", "DurationInMilliseconds": "500"})))
        );
        let bridge = sent(
            "CallAndBridge",
            json!({"Endpoints": [{"Uri": "+1", "BridgeEndpointType": "PSTN"}]}),
        );
        assert!(
            bridge.is_of(&event(
                "CallAndBridge",
                json!({"Endpoints": [{"Uri": "+1"}], "CallId": "a"})
            ))
        );
        assert!(!bridge.is_of(&event("CallAndBridge", json!({"Endpoints": [{"Uri": "+2"}]}))));
        assert!(sent("New", json!({})).is_of(&event("New", json!({"Text": "x"}))));
    }

    #[test]
    fn what_tells_actions_apart_only_chooses_between_them() {
        let speak = |text: &str| {
            SentAction::of(
                &Action::new(
                    "Speak",
                    json!({"CallId": "a", "Text": text}).as_object().unwrap().clone(),
                ),
                false,
            )
        };
        let event = |kind: &str, text: &str| {
            let event = json!({
                "InvocationEventType": kind, "ActionData": {"Type": "Speak", "Parameters": {"CallId": "a", "Text": text}},
                "CallDetails": {"Participants": [{"CallId": "a", "ParticipantTag": "LEG-A"}]},
            });
            Event::parse(event.to_string().as_bytes()).unwrap()
        };
        let (sent, former) = ([speak("One."), speak("Two.")], [speak("Before.")]);
        for (kind, text, index) in [
            ("ACTION_FAILED", "One.", Some(0)),
            ("ACTION_FAILED", "Two.", Some(1)),
            ("ACTION_FAILED", "Two", Some(0)),
            ("ACTION_SUCCESSFUL", "Two", Some(1)),
            ("ACTION_SUCCESSFUL", "Before.", None),
        ] {
            assert_eq!(found(&event(kind, text), &sent, &former), index, "{kind} {text}");
        }
    }
}
