//! What is in a record, and what is not.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::stand_in::is_listed;
use super::*;

/// An event in which a caller has typed something, with what a script has kept of it.
fn event(number: &str, typed: &str) -> Event {
    let event = json!({
        "SchemaVersion": "1.0", "Sequence": 4, "InvocationEventType": "ACTION_SUCCESSFUL",
        "ActionData": {
            "Type": "PlayAudioAndGetDigits", "ReceivedDigits": typed,
            "Parameters": {"InputDigitsRegex": "^(1|22)$", "CallId": "a", "Note": format!("{typed} of {number}")},
            "IntentResult": {"Slots": {"pin": {"InterpretedValue": typed, "OriginalValue": "seven"}}},
        },
        "CallDetails": {
            "TransactionId": "call-1", "AwsAccountId": "111122223333",
            "TransactionAttributes": {
                "pin": typed, "caller": number, "_mr1": "never", "n": "2", format!("k{typed}"): "x",
            },
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
    let typed = event.received_digits().unwrap();
    let pin = typed.parse::<u64>().unwrap_or_default();
    let asked = [json!({
        "operation": "storage:get", "input": {"key": answer["Text"]},
        "output": {"pin": pin, "n": 1, "secretKey": "x", "list": [typed]},
    })];
    let record = RecordedEvent {
        event,
        came: &came,
        secrets: &secrets,
        hard: HardDeadline::new(std::time::Instant::now(), None, None),
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
    let masked =
        record(&event("+12065550142", "73921"), &json!({"Text": "7-3921 of +12065550142"}));
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
        json!({"pin": "55555", "caller": "+12065550100", "n": "5", "k55555": "x"})
    );
    assert_eq!(step["event"]["CallDetails"]["AwsAccountId"], "111122223333");
    assert_eq!(step["event"]["Sequence"], 4);
    let said = &step["response"]["Actions"][0]["Parameters"]["Text"];
    assert_eq!(said, "5-5555 of +12065550100");
    // A count of a few stays a number, so that a script can reckon with it.
    let asked = &step["api_calls"][0];
    assert_eq!(asked["output"], json!({"pin": 55555, "n": 1, "secretKey": "…", "list": ["55555"]}));
    assert_eq!(
        ["1", "9", "22", "23", "1*3"].map(event_of),
        ["1", "5", "22", "55", "5*5"].map(Value::from)
    );
}

#[test]
fn what_a_service_says_of_itself_stays_and_what_opens_something_goes() {
    let event = event("+442079460123", "73921");
    let masks = StandIns::of(&event, false);
    let asked = json!({
        "operation": "s3:GetObject", "input": {"key": "a/73921", "n": 7},
        "output": {"status": 404, "headers": {"set-cookie": "x"},
            "body": "{\"access_token\": \"abc\", \"id\": 73921, \"n\": 3, \"who\": \"Ann 7\"}"},
    });
    assert_eq!(
        masks.request(&asked),
        json!({
            "operation": "s3:GetObject", "input": {"key": "a/55555", "n": 5},
            "output": {"status": 404, "headers": {"set-cookie": "…"},
                "body": "{\"access_token\":\"…\",\"id\":55555,\"n\":3,\"who\":\"Ann 5\"}"},
        })
    );
    let leg = &masks.event()["CallDetails"]["Participants"][0];
    assert_eq!(leg["From"], "+442005550100");
    let keys = |regex: &str| is_listed(regex, "7");
    assert_eq!(
        ["^(1|7)$", "^[127]$", "^[0-9]$", "^\\d$", ""].map(keys),
        [true, true, false, false, false]
    );
}

#[test]
fn how_a_script_writes_digits_makes_no_difference_and_words_do() {
    let same = |recorded: &str, now: &str| {
        assert_eq!(compared_answer(&json!(recorded)), compared_answer(&json!(now)), "{recorded}");
    };
    same("Pin 5555", "Pin 55555");
    same("0<break/>3<break/>9", "5<break/>5<break/>5");
    same("+12065550100", "+5");
    assert_ne!(compared_answer(&json!("Hello")), compared_answer(&json!("Hallo")));
    let kept = json!({"TransactionAttributes": {"_mr1": "x", "a": "1"}, "Repeat": 3});
    assert_eq!(compared_answer(&kept), json!({"TransactionAttributes": {"a": "5"}, "Repeat": 3}));
}

#[test]
fn as_many_calls_are_chosen_as_the_setting_says_and_always_the_same() {
    let chosen = |percent| (0..10_000).filter(|n| is_chosen(&format!("call-{n}"), percent)).count();
    assert_eq!((chosen(0), chosen(100)), (0, 10_000));
    assert!((2300..2700).contains(&chosen(25)), "{}", chosen(25));
    assert_eq!(is_chosen("a", 50), is_chosen("a", 50));
}

#[test]
fn a_request_of_a_record_is_that_of_the_call() {
    let event = event("+12065550142", "73921");
    let masks = StandIns::of(&event, false);
    let asked = json!({
        "operation": "http:POST",
        "input": {"url": "https://example.com/a?key=73921", "query": {"token": "abc"}, "n": 7,
            "body": "{\"password\":\"p\",\"pin\":73921,\"who\":\"Ann\"}"},
    });
    let kept = masks.request(&asked);
    assert_eq!(kept["input"]["url"], "https://example.com/a?…");
    assert_eq!(compared_request(&kept), compared_request(&asked));
    let mut other = asked.clone();
    other["input"]["body"] = json!("{\"password\":\"p\",\"pin\":73921,\"who\":\"Bob\"}");
    assert_ne!(compared_request(&kept), compared_request(&other));
    // JSON that a script keeps as text has no digits either.
    let kept = masks.answer(&json!({"TransactionAttributes": {"a": "{\"pin\": 73921, \"n\": 1}"}}));
    assert_eq!(kept["TransactionAttributes"]["a"], "{\"pin\":55555,\"n\":5}");
    // What lets somebody into a meeting is in no answer.
    let joined =
        json!({"Type": "JoinChimeMeeting", "Parameters": {"JoinToken": "abc", "MeetingId": "m"}});
    assert_eq!(masks.answer(&joined)["Parameters"], json!({"JoinToken": "…", "MeetingId": "m"}));
}

#[test]
fn a_reply_with_secrets_is_left_out() {
    let asked = |service: &str, operation: &str| Request::Aws {
        service: service.to_owned(),
        operation: operation.to_owned(),
        input: json!({}),
        version: None,
    };
    let done = Reply::Done(json!({"Item": "x"}));
    let secret = request(&asked("secretsmanager", "GetSecretValue"), &done, true);
    assert!(secret.get("output").is_none() && secret["error"]["code"] == "masked", "{secret}");
    assert!(request(&asked("dynamodb", "AssumeRole"), &done, true).get("output").is_none());
    assert!(request(&asked("dynamodb", "GetItem"), &done, false).get("output").is_none());
    assert_eq!(request(&asked("dynamodb", "GetItem"), &done, true)["output"]["Item"], "x");
}

proptest! {
    #[test]
    fn no_key_and_no_number_is_in_a_record(
        number in r"\+[1-9][0-9]{9,13}",
        typed in "[1-46-9][0-46-9]{2,8}",
        other in "[0-46-9]{3,12}",
        way in 0..6,
    ) {
        let each = |between: &str| {
            let keys: Vec<String> = typed.chars().map(String::from).collect();
            keys.join(between)
        };
        let spelled = match way {
            0 => typed.clone(),
            1 => each(" "),
            2 => each("<break time='9s'/>"),
            3 => typed.trim_start_matches('0').to_owned(),
            4 => format!("{other}.wav"),
            _ => format!("{typed} and {number} and {}", &number[3..]),
        };
        let came = event(&number, &typed);
        let answer = json!({"Text": format!("You typed {spelled}, and call from {number}.")});
        let masked = record(&came, &answer);
        let step = &masked["steps"][0];
        // No digit but those of stand-ins, of ids, and of what the service says of itself.
        let text = format!("{}{}{}", step["response"], step["api_calls"], step["event"]["ActionData"]);
        let text = text.replace("\"1.0\"", "").replace("\"5.5\"", "").replace("\"n\":1", "");
        let leg = &step["event"]["CallDetails"]["Participants"][0];
        let text = text.replace(leg["From"].as_str().unwrap(), "").replace("^(5|55)$", "");
        prop_assert!(!text.contains(|letter: char| letter.is_ascii_digit() && letter != '5'), "{text}");
        let kept = step["event"]["CallDetails"].to_string();
        prop_assert!(!kept.contains(&number[number.len() - 7..]), "{number}: {kept}");
    }
}
