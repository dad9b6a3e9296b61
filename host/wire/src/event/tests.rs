//! Events: nothing is lost, nothing is refused, and every view reads both spellings.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::any_json::any_json;

fn recorded() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/events");
    let mut events: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                std::fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    events.sort();
    assert!(events.len() >= 107, "found only {} events", events.len());
    events
}

#[test]
fn every_recorded_event_prints_as_it_came() {
    for (name, text) in recorded() {
        let original: Value = serde_json::from_str(&text).unwrap();
        let event = Event::parse(text.as_bytes()).unwrap();
        assert_eq!(Value::Object(event.document().to_map()), original, "{name}");
        // And letter by letter, but for white space: order of keys, spelling of numbers.
        let printed = serde_json::to_string(&event.document().to_map()).unwrap();
        assert_eq!(without_space(&printed), without_space(&text), "{name}");
    }
}

/// A JSON text without the white space outside and inside its texts.
fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn every_recorded_event_has_a_known_type_a_call_and_legs() {
    for (name, text) in recorded() {
        let event = Event::parse(text.as_bytes()).unwrap();
        let expected = name.split('-').next().unwrap();
        assert_eq!(event.event_type().name(), expected, "{name}");
        assert!(!matches!(event.event_type(), EventType::Other(_)), "{name}");
        assert!(event.call_id().is_some() && event.application_id().is_some(), "{name}");
        assert!(event.participants().next().is_some(), "{name}");
    }
}

#[test]
fn both_spellings_of_the_type_and_of_the_application_are_read() {
    for key in ["InvocationEventType", "InvocationEvent"] {
        let event = parse(&json!({key: "RINGING"}));
        assert_eq!(event.event_type(), EventType::Ringing);
    }
    for key in ["SipMediaApplicationId", "SipApplicationId"] {
        let event = parse(&json!({"CallDetails": {key: "app-1"}}));
        assert_eq!(event.application_id(), Some("app-1"));
    }
}

#[test]
fn an_unknown_type_is_kept() {
    let event = parse(&json!({"InvocationEventType": "CALL_TRANSLATED"}));
    assert_eq!(event.event_type(), EventType::Other("CALL_TRANSLATED"));
    assert_eq!(event.event_type().lua_name(), "call_translated");
}

#[test]
fn unexpected_types_of_known_fields_are_read_as_missing() {
    let event = parse(&json!({
        "InvocationEventType": 7, "Sequence": "two", "ActionData": [],
        "CallDetails": {"TransactionId": {}, "Participants": [1, null, {"Status": 5, "ParticipantTag": "Leg-A"}]},
    }));
    assert_eq!(event.event_type(), EventType::Other(""));
    assert_eq!((event.sequence(), event.call_id(), event.action_type()), (None, None, None));
    assert_eq!(event.participants().count(), 1);
    assert_eq!(event.leg("LEG-A").map(Participant::status), Some(crate::Status::Unsaid));
}

#[test]
fn what_is_no_object_is_refused_by_name() {
    let refusal = |text: &str| Event::parse(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        refusal("[1]"),
        "the event is a list; wanted a JSON object, as the service sends it"
    );
    assert!(refusal("{").starts_with("the event is not JSON: EOF"));
}

#[test]
fn half_a_surrogate_pair_is_replaced_and_everything_else_is_kept() {
    let text = r#"{"a": "x\ud800y", "b": "\ud83d\ude00 \\ud800 \udc00", "Sequence": 3}"#;
    let event = Event::parse(text.as_bytes()).unwrap();
    let expected = json!({"a": "x\u{fffd}y", "b": "\u{1f600} \\ud800 \u{fffd}", "Sequence": 3});
    assert_eq!(Value::Object(event.document().to_map()), expected);
}

#[test]
fn of_an_event_too_deep_to_read_the_legs_are_salvaged() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let legs = json!([{"CallId": "leg", "Status": "Connected"}]);
    let text = format!(
        r#"{{"ActionData": {deep}, "InvocationEvent": "HANGUP", "CallDetails": {{"x": {deep}, "Participants": {legs}}}}}"#
    );
    assert!(Event::parse(text.as_bytes()).is_err());
    let event = Event::salvage(text.as_bytes()).unwrap();
    assert_eq!(event.event_type(), EventType::Hangup);
    assert_eq!(
        event.participants().map(|leg| (leg.id(), leg.status())).collect::<Vec<_>>(),
        [(Some("leg"), crate::Status::Connected)]
    );
    assert!(Event::salvage(b"[1]").is_none());
}

#[test]
fn error_texts_are_read_from_every_documented_place() {
    for document in [
        json!({"ErrorType": "A", "ErrorMessage": "b"}),
        json!({"ActionData": {"ErrorType": "A", "ErrorMessage": "b"}}),
        json!({"ActionData": {"Error": "A: b"}}),
    ] {
        assert_eq!(parse(&document).error_text().as_deref(), Some("A: b"), "{document}");
    }
}

fn parse(document: &Value) -> Event {
    Event::parse(document.to_string().as_bytes()).unwrap()
}

proptest! {
    #[test]
    fn any_document_survives_whole(details in any_json(), other in any_json()) {
        let document = json!({"CallDetails": details, "ActionData": other, "Sequence": other, "x": {}, "y": [], "z": null});
        let event = parse(&document);
        prop_assert_eq!(Value::Object(event.document().to_map()), document);
        // Every view answers without a panic.
        let _ = (event.event_type(), event.sequence(), event.call_id(), event.application_id(), event.attributes(), event.error_text());
        for leg in event.participants() {
            let _ = (leg.id(), leg.tag(), leg.status(), leg.sip_headers());
        }
    }
}
