//! Actions: typed ones keep their wire form, others pass through whole.

use serde_json::{Value, json};

use super::*;

#[test]
fn an_unknown_action_passes_through_whole() {
    let original =
        json!({"Type": "Sing", "Parameters": {"Song": ["a", null, {}, []]}, "Beside": {"x": 1.5}});
    let action: Action = serde_json::from_value(original.clone()).unwrap();
    assert_eq!(serde_json::to_value(&action).unwrap(), original);
}

#[test]
fn unknown_parameters_of_a_known_action_pass_through() {
    let original = json!({"Type": "Speak", "Parameters": {"Text": "Hello", "Mood": {"Level": 3}}});
    let action: Action = serde_json::from_value(original.clone()).unwrap();
    assert_eq!(action.typed::<Speak>().unwrap().unwrap().text, "Hello");
    assert_eq!(serde_json::to_value(&action).unwrap(), original);
}

#[test]
fn missing_parameters_stay_missing_and_null_ones_null() {
    for original in [json!({"Type": "Sing"}), json!({"Type": "Sing", "Parameters": null})] {
        let action: Action = serde_json::from_value(original.clone()).unwrap();
        assert_eq!(serde_json::to_value(&action).unwrap(), original);
    }
}

#[test]
fn every_typed_action_reads_the_parameters_of_the_recorded_events() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/events");
    let mut seen = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        // A failed action may echo parameters that the service itself refused.
        if document["InvocationEventType"] != "ACTION_SUCCESSFUL"
            || document["ActionData"]["Parameters"].is_null()
        {
            continue;
        }
        let action: Action = serde_json::from_value(json!({
            "Type": document["ActionData"]["Type"], "Parameters": document["ActionData"]["Parameters"],
        }))
        .unwrap();
        for result in [
            action.typed::<CallAndBridge>().map(|read| round(&action, read)),
            action.typed::<Hangup>().map(|read| round(&action, read)),
            action.typed::<JoinChimeMeeting>().map(|read| round(&action, read)),
            action.typed::<ModifyChimeMeetingAttendees>().map(|read| round(&action, read)),
            action.typed::<Pause>().map(|read| round(&action, read)),
            action.typed::<PauseCallRecording>().map(|read| round(&action, read)),
            action.typed::<PlayAudio>().map(|read| round(&action, read)),
            action.typed::<PlayAudioAndGetDigits>().map(|read| round(&action, read)),
            action.typed::<ReceiveDigits>().map(|read| round(&action, read)),
            action.typed::<RecordAudio>().map(|read| round(&action, read)),
            action.typed::<RecordMeeting>().map(|read| round(&action, read)),
            action.typed::<ResumeCallRecording>().map(|read| round(&action, read)),
            action.typed::<SendDigits>().map(|read| round(&action, read)),
            action.typed::<Speak>().map(|read| round(&action, read)),
            action.typed::<SpeakAndGetDigits>().map(|read| round(&action, read)),
            action.typed::<StartBotConversation>().map(|read| round(&action, read)),
            action.typed::<StartCallRecording>().map(|read| round(&action, read)),
            action.typed::<StopCallRecording>().map(|read| round(&action, read)),
            action.typed::<VoiceFocus>().map(|read| round(&action, read)),
        ]
        .into_iter()
        .flatten()
        {
            seen.insert(result);
        }
    }
    let all: std::collections::BTreeSet<_> =
        Action::schemas().into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(seen, all, "an event of every typed action");
}

/// Reads and prints again: nothing the type knows may change.
fn round<A: TypedAction>(original: &Action, read: Result<A, serde_json::Error>) -> String {
    let typed = read.unwrap_or_else(|error| panic!("{original:?}: {error}"));
    assert_eq!(Action::from_typed(&typed), *original);
    A::TYPE.to_owned()
}

#[test]
fn schemas_name_every_property_with_a_description() {
    for (name, schema) in Action::schemas() {
        for (property, details) in schema["properties"].as_object().unwrap() {
            assert!(details["description"].is_string(), "{name}.{property} has no description");
        }
    }
}
