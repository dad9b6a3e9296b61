//! What is in a record, and what is not.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

/// An event in which a caller has typed something, with what a script has kept of it.
fn event(number: &str, typed: &str) -> Event {
    let event = json!({
        "SchemaVersion": "1.0", "Sequence": 4, "InvocationEventType": "ACTION_SUCCESSFUL",
        "ActionData": {
            "Type": "PlayAudioAndGetDigits", "ReceivedDigits": typed,
            "Parameters": {"InputDigitsRegex": "^(1|22)$", "CallId": "a", "Note": format!("{typed} of {number}")},
            "IntentResult": {"Slots": {"pin": typed}},
        },
        "CallDetails": {
            "TransactionId": "call-1", "AwsAccountId": "111122223333",
            "TransactionAttributes": {"pin": typed, "caller": number, "_mr1": "never", "n": "2"},
            "Participants": [{
                "CallId": "a", "ParticipantTag": "LEG-A", "From": number, "To": "+14255550117", "Status": "Connected",
                "StartTimeInMilliseconds": "1718036405907",
                "SipHeaders": {"X-Pin": typed, "P-Asserted-Identity": format!("<sip:{number}@example.com>")},
            }],
        },
    });
    Event::parse(event.to_string().as_bytes()).unwrap()
}

fn record(event: &Event, answer: &Value) -> Value {
    let (came, secrets) = (CallState::default(), Secrets::none());
    let mut sent = Answer::keep(Some(event));
    let actions = vec![moonring_wire::Action::new("Speak", answer.as_object().unwrap().clone())];
    sent.actions = Some(actions);
    let asked = [
        json!({"operation": "storage:get", "input": {"key": answer["Text"]}, "output": answer["Text"]}),
    ];
    let record = RecordedEvent {
        event,
        came: &came,
        secrets: &secrets,
        answer: &sent,
        requests: &asked,
        script: "main",
        release: "r1",
        failed: None,
        now: UNIX_EPOCH,
    };
    let kept = record.kept().unwrap();
    assert_eq!(kept.name, "records/r1/call-1/000004.json");
    serde_json::from_slice(&kept.bytes).unwrap()
}

#[test]
fn numbers_and_keys_have_stand_ins_of_their_kind_and_choices_stay() {
    let masked = record(&event("+12065550142", "73521"), &json!({"Text": "73521"}));
    let step = &masked["steps"][0];
    let event_of = |typed: &str| {
        let masked = record(&event("+12065550142", typed), &json!({"Text": "x"}));
        masked["steps"][0]["event"]["ActionData"]["ReceivedDigits"].clone()
    };
    let leg = &step["event"]["CallDetails"]["Participants"][0];
    assert_eq!((&leg["From"], &leg["To"]), (&json!("+12065550100"), &json!("+14255550101")));
    assert_eq!(leg["StartTimeInMilliseconds"], "1718036405907");
    assert_eq!(leg["SipHeaders"]["X-Pin"], "55555");
    assert_eq!(
        step["event"]["CallDetails"]["TransactionAttributes"],
        json!({"pin": "55555", "caller": "+12065550100", "n": "2"})
    );
    assert_eq!(step["event"]["CallDetails"]["AwsAccountId"], "111122223333");
    assert_eq!(step["response"]["Actions"][0]["Parameters"]["Text"], "****");
    assert_eq!(
        ["1", "9", "22", "23", "1*3"].map(event_of),
        ["1", "9", "22", "55", "5*5"].map(Value::from)
    );
}

#[test]
fn as_many_calls_are_chosen_as_the_setting_says_and_always_the_same() {
    let chosen = |percent| (0..10_000).filter(|n| is_chosen(&format!("call-{n}"), percent)).count();
    assert_eq!((chosen(0), chosen(100)), (0, 10_000));
    assert!((2300..2700).contains(&chosen(25)), "{}", chosen(25));
    assert_eq!(is_chosen("a", 50), is_chosen("a", 50));
}

#[test]
fn a_reply_with_secrets_is_left_out() {
    let asked = |operation: &str| Request::Aws {
        service: "sts".to_owned(),
        operation: operation.to_owned(),
        input: json!({}),
        version: None,
    };
    let done = Reply::Done(json!({"Token": "t"}));
    assert!(request(&asked("AssumeRole"), &done, true).get("output").is_none());
    assert!(request(&asked("GetItem"), &done, false).get("output").is_none());
    assert_eq!(request(&asked("GetItem"), &done, true)["output"]["Token"], "t");
}

proptest! {
    #[test]
    fn no_key_and_no_number_is_in_a_record_and_a_replay_of_it_is_the_same(
        number in r"\+[1-9][0-9]{9,13}",
        typed in "[0-46-9]{4,9}",
        way in 0..4,
    ) {
        let spelled = match way {
            0 => typed.clone(),
            1 => typed.chars().flat_map(|key| [key, ' ']).collect(),
            2 => typed.chars().flat_map(|key| [key, '-']).collect(),
            _ => format!("{typed} and {number}"),
        };
        let came = event(&number, &typed);
        let answer = json!({"Text": format!("You typed {spelled}, and call from {number}.")});
        let masked = record(&came, &answer);
        let text = masked.to_string();
        // The clock and the ids are nobody's.
        let text = text.replace("1718036405907", "").replace("111122223333", "");
        prop_assert!(!text.contains(&typed), "{typed}: {text}");
        prop_assert!(!text.contains(&number[number.len() - 7..]), "{number}: {text}");
        // The script would say the same of what stands in the record.
        let step = &masked["steps"][0];
        let leg = &step["event"]["CallDetails"]["Participants"][0];
        let now = answer.to_string().replace(&number, leg["From"].as_str().unwrap());
        let stand_in = "5".repeat(typed.len());
        let now = match way {
            1 => now.replace(&spelled, &"5 ".repeat(typed.len())),
            2 => now.replace(&spelled, &"5-".repeat(typed.len())),
            _ => now.replace(&typed, &stand_in),
        };
        let now: Map<String, Value> = serde_json::from_str(&now).unwrap();
        let said = json!({"Type": "Speak", "Parameters": now});
        prop_assert_eq!(&as_recorded(&step["event"], &said), &step["response"]["Actions"][0]);
    }
}
