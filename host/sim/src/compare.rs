//! What the service treats as equal: two answers, or two lists of service requests, held against
//! each other.

use serde_json::{Map, Value, json};

use crate::transcript::{Reaction, Step};

/// Fields whose texts are kept as they are: everything else that looks like a number or a truth
/// value is one.
const TEXTS: &[&str] = &[
    "Digits",
    "Uri",
    "CallerIdNumber",
    "Text",
    "Key",
    "TerminatorDigits",
    "RecordingTerminators",
    "PlaybackTerminators",
    "InputDigitsRegex",
    "SipHeaders",
    "SessionAttributes",
    "MeetingId",
    "JoinToken",
];
/// Parameters that old handlers send and the service does not read.
const UNREAD: &[&str] = &["AttendeeJoinToken", "CustomSipHeaders"];
/// What makes a request its own and nothing else.
const TOKENS: &[&str] = &["ClientRequestToken", "ExternalMeetingId"];

/// How a step was replayed.
#[derive(Debug, Clone, PartialEq)]
pub enum Replayed {
    /// As it was recorded, as far as the service can tell.
    Same,
    /// The record has no answer to hold this one against.
    Free,
    /// Otherwise, in one way or in two.
    Differs(Vec<Differs>),
}

/// What was recorded and what came now, as far as they are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Differs {
    /// `answer` or `requests`.
    pub what: &'static str,
    /// As recorded.
    pub recorded: Value,
    /// As it came now.
    pub now: Value,
}

/// Holds what a script did now against what was recorded: its answer, and what it asked of other
/// services.
pub fn compare(step: &Step, now: &Reaction) -> Replayed {
    let recorded = Reaction { api_calls: step.api_calls.clone(), response: step.response.clone() };
    let all: Vec<&Reaction> =
        std::iter::once(&recorded).chain(step.cold_start.as_deref()).collect();
    if step.error.is_some() || !step.response.is_object() {
        return Replayed::Free;
    }
    let answers: Vec<Value> = all
        .iter()
        .filter(|reaction| reaction.response.is_object())
        .map(|reaction| normal_answer(&reaction.response, &step.event))
        .collect();
    let answer = normal_answer(&now.response, &step.event);
    let mut differs = Vec::new();
    if let Some(first) = answers.first().filter(|_| !answers.contains(&answer)) {
        differs.push(Differs { what: "answer", recorded: first.clone(), now: answer });
    }
    let requests = normal_requests(&now.api_calls);
    if !all.iter().any(|reaction| normal_requests(&reaction.api_calls) == requests) {
        let recorded = normal_requests(&recorded.api_calls);
        differs.push(Differs { what: "requests", recorded, now: requests });
    }
    if differs.is_empty() { Replayed::Same } else { Replayed::Differs(differs) }
}

/// Whether an attribute is a host's own: no script sets it, and no comparison looks at it.
pub fn is_hosts_own(name: &str) -> bool {
    name.starts_with("_mr")
}

/// An answer, with everything left out that makes no difference to the service.
fn normal_answer(answer: &Value, event: &Value) -> Value {
    let event_type = event["InvocationEventType"].as_str().unwrap_or_default();
    let list = answer.get("Actions").and_then(Value::as_array).filter(|list| !list.is_empty());
    let actions = match list {
        // Rule 15.
        _ if matches!(event_type, "NEW_OUTBOUND_CALL" | "RINGING") => Value::Null,
        // Rule 24: none, null and an empty list are one.
        None => json!([]),
        Some(list) => list.iter().map(|action| normal_action(action, event)).collect(),
    };
    let stored = event.pointer("/CallDetails/TransactionAttributes").and_then(Value::as_object);
    let attributes = answer.get("TransactionAttributes").and_then(Value::as_object).or(stored);
    let attributes: Map<String, Value> = attributes
        .into_iter()
        .flatten()
        .filter(|(name, _)| !is_hosts_own(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    json!({"Actions": actions, "TransactionAttributes": attributes})
}

fn normal_action(action: &Value, event: &Value) -> Value {
    let action_type = action["Type"].as_str().unwrap_or_default();
    let mut parameters = match normal(action.get("Parameters").unwrap_or(&Value::Null), "") {
        Value::Object(parameters) => parameters,
        _ => Map::new(),
    };
    // Rule 27: an id and a tag of the same leg are one.
    let (id, tag) = (parameters.remove("CallId"), parameters.remove("ParticipantTag"));
    let legs = event.pointer("/CallDetails/Participants").and_then(Value::as_array);
    let leg_of = |tag: &str| {
        let leg = legs.into_iter().flatten().find(|leg| leg["ParticipantTag"] == tag);
        leg.map(|leg| leg["CallId"].clone())
    };
    let leg = id.or_else(|| match tag.as_ref().and_then(Value::as_str) {
        Some(tag) => Some(leg_of(tag).unwrap_or_else(|| json!(tag))),
        None => leg_of("LEG-A"),
    });
    if action_type != "CallAndBridge" {
        parameters.insert("@leg".to_owned(), leg.unwrap_or_default());
    }
    match action_type {
        "Hangup" => drop(parameters.entry("SipResponseCode").or_insert(json!(0))),
        "Speak" => speech_defaults(&mut parameters),
        "SpeakAndGetDigits" => {
            let mut speech = take_table(&mut parameters, "SpeechParameters");
            speech_defaults(&mut speech);
            let mut failure = take_table(&mut parameters, "FailureSpeechParameters");
            for name in ["Engine", "TextType", "VoiceId"] {
                failure.entry(name).or_insert(speech[name].clone());
            }
            parameters.insert("SpeechParameters".to_owned(), Value::Object(speech));
            parameters.insert("FailureSpeechParameters".to_owned(), Value::Object(failure));
        }
        _ => {}
    }
    json!({"Type": action_type, "Parameters": parameters})
}

fn take_table(parameters: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match parameters.remove(name) {
        Some(Value::Object(table)) => table,
        _ => Map::new(),
    }
}

fn speech_defaults(parameters: &mut Map<String, Value>) {
    for (name, value) in [("Engine", "standard"), ("TextType", "text"), ("VoiceId", "Joanna")] {
        parameters.entry(name).or_insert(json!(value));
    }
}

/// A value of the field `name`: empty texts and nulls are gone, numbers and truth values written as
/// texts are what they say.
fn normal(value: &Value, name: &str) -> Value {
    match value {
        _ if TEXTS.contains(&name) => value.clone(),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, value)| {
                !value.is_null() && **value != json!("") && !UNREAD.contains(&name.as_str())
            });
            fields.map(|(name, value)| (name.clone(), normal(value, name))).collect()
        }
        Value::Array(items) => items.iter().map(|item| normal(item, "")).collect(),
        Value::String(text) => match text.as_str() {
            "True" | "true" => json!(true),
            "False" | "false" => json!(false),
            text => whole(text).map_or_else(|| value.clone(), |number| json!(number)),
        },
        Value::Number(number) => match number.as_f64() {
            #[allow(clippy::cast_possible_truncation, reason = "it is whole, and small enough")]
            Some(float) if !number.is_i64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                json!(float as i64)
            }
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Up to nine digits are a number; more are a name.
fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_whole =
        (1..=9).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_whole.then(|| text.parse().ok()).flatten()
}

fn normal_requests(requests: &[Value]) -> Value {
    requests.iter().map(normal_request).collect()
}

/// A request by its operation and its input, as far as they are compared; the two names of the
/// meetings API are one.
pub fn normal_request(request: &Value) -> Value {
    let operation = request["operation"].as_str().unwrap_or_default();
    let operation =
        operation.strip_prefix("chime:").map(|name| format!("chime-sdk-meetings:{name}"));
    let operation = operation.map_or_else(|| request["operation"].clone(), |name| json!(name));
    let input = request.get("input").and_then(Value::as_object).cloned().unwrap_or_default();
    let input: Map<String, Value> =
        input.into_iter().filter(|(name, _)| !TOKENS.contains(&name.as_str())).collect();
    json!({"operation": operation, "input": input})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(response: Value) -> Step {
        let participants = json!([{"CallId": "a", "ParticipantTag": "LEG-A"}, {"CallId": "b", "ParticipantTag": "LEG-B"}]);
        let event = json!({
            "InvocationEventType": "ACTION_SUCCESSFUL",
            "CallDetails": {"Participants": participants, "TransactionAttributes": {"k": "v"}},
        });
        Step { event, response, ..Step::default() }
    }

    fn now(response: Value) -> Reaction {
        Reaction { response, ..Reaction::default() }
    }

    /// In which ways they differ.
    fn kinds(replayed: &Replayed) -> Vec<&'static str> {
        match replayed {
            Replayed::Differs(differs) => differs.iter().map(|one| one.what).collect(),
            _ => Vec::new(),
        }
    }

    fn one(action: &str, parameters: Value) -> Value {
        json!({"SchemaVersion": "1.0", "Actions": [{"Type": action, "Parameters": parameters}]})
    }

    #[test]
    fn what_makes_no_difference_to_the_service_is_none() {
        for (recorded, other) in [
            (json!({}), json!({"Actions": []})),
            (
                json!({"Actions": null}),
                json!({"Actions": [], "TransactionAttributes": {"k": "v", "_mr": "x"}}),
            ),
            (
                one("Hangup", json!({})),
                one("Hangup", json!({"SipResponseCode": "0", "CallId": "a"})),
            ),
            (
                one("Hangup", json!({"ParticipantTag": "LEG-B"})),
                one("Hangup", json!({"CallId": "b", "ParticipantTag": ""})),
            ),
            (
                one("Pause", json!({"DurationInMilliseconds": "100"})),
                one("Pause", json!({"DurationInMilliseconds": 100.0})),
            ),
            (
                one("VoiceFocus", json!({"Enable": "True"})),
                one("VoiceFocus", json!({"Enable": true})),
            ),
            (
                one("Speak", json!({"Text": "5"})),
                one("Speak", json!({"Text": "5", "Engine": "standard", "VoiceId": "Joanna"})),
            ),
            (
                one(
                    "SpeakAndGetDigits",
                    json!({"SpeechParameters": {"Text": "a", "Engine": "neural"}, "FailureSpeechParameters": {"Text": "b"}}),
                ),
                one(
                    "SpeakAndGetDigits",
                    json!({"SpeechParameters": {"Text": "a", "Engine": "neural"}, "FailureSpeechParameters": {"Text": "b", "Engine": "neural"}}),
                ),
            ),
        ] {
            assert_eq!(compare(&step(recorded.clone()), &now(other)), Replayed::Same, "{recorded}");
        }
    }

    #[test]
    fn what_makes_a_difference_is_told() {
        for (recorded, other) in [
            (json!({}), one("Hangup", json!({}))),
            (json!({}), json!({"TransactionAttributes": {}})),
            (one("Hangup", json!({})), one("Hangup", json!({"CallId": "b"}))),
            (one("Speak", json!({"Text": "5"})), one("Speak", json!({"Text": "05"}))),
            (one("SendDigits", json!({"Digits": "5"})), one("SendDigits", json!({"Digits": "05"}))),
            (
                one("Pause", json!({"DurationInMilliseconds": 1})),
                one("Pause", json!({"DurationInMilliseconds": 2})),
            ),
        ] {
            let replayed = compare(&step(recorded.clone()), &now(other));
            assert_eq!(kinds(&replayed), ["answer"], "{recorded}");
        }
    }

    #[test]
    fn requests_are_the_same_by_operation_and_input_in_their_order() {
        let request = |operation: &str, input: Value| json!({"operation": operation, "input": input, "output": {}});
        let recorded = Step {
            api_calls: vec![request("chime:CreateMeeting", json!({"ClientRequestToken": "x"}))],
            ..step(json!({}))
        };
        let react = |api_calls| Reaction { api_calls, response: json!({}) };
        let same = react(vec![request("chime-sdk-meetings:CreateMeeting", json!({}))]);
        assert_eq!(compare(&recorded, &same), Replayed::Same);
        for other in [
            vec![],
            vec![request("chime:CreateMeeting", json!({"a": 1}))],
            vec![request("chime:DeleteMeeting", json!({}))],
        ] {
            assert_eq!(kinds(&compare(&recorded, &react(other))), ["requests"]);
        }
        let both = Reaction { api_calls: Vec::new(), response: one("Hangup", json!({})) };
        assert_eq!(kinds(&compare(&recorded, &both)), ["answer", "requests"]);
    }

    #[test]
    fn either_of_two_answers_will_do_and_where_there_was_none_any() {
        let cold_start = Some(Box::new(now(one("Hangup", json!({})))));
        let leaky = Step { cold_start, ..step(json!({})) };
        assert_eq!(compare(&leaky, &now(json!({}))), Replayed::Same);
        assert_eq!(compare(&leaky, &now(one("Hangup", json!({})))), Replayed::Same);
        assert!(matches!(compare(&leaky, &now(one("Pause", json!({})))), Replayed::Differs(_)));
        for free in [Step { error: Some(json!("boom")), ..step(json!({})) }, step(json!([]))] {
            assert_eq!(compare(&free, &now(one("Speak", json!({})))), Replayed::Free);
        }
    }
}
