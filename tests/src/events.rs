//! Events in, answers out: the main job, by scripts that lie in S3.

use std::time::Duration;

use harness::{APOLOGY, Function, S3, event_of, new_call, own, project, said, says};
use serde_json::json;

#[test]
fn the_greeter_answers_a_call_from_s3() {
    let s3 = S3::shared();
    s3.put("main.lua", "return require('./greeter_handlers')");
    s3.put(
        "greeter_handlers.lua",
        &std::fs::read_to_string(project("scripts/greeter_handlers.lua")).unwrap(),
    );
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
    ]);
    let call = new_call();
    assert_eq!(
        own(&function.invoke(&call).answer, &call),
        json!({"SchemaVersion": "1.0", "Actions": [
            {"Type": "Speak", "Parameters": {
                "CallId": "db0e2136-2587-4398-87a8-e81dc3aa6c08",
                "Text": "Hello! This is a test call from Amazon Chime SDK PSTN Audio.", "Engine": "neural", "VoiceId": "Joanna",
            }},
            {"Type": "Hangup", "Parameters": {"SipResponseCode": "0"}},
        ]})
    );
}

#[test]
fn a_caller_is_led_into_a_meeting() {
    let s3 = S3::shared();
    s3.put("main.lua", "return require('./meeting')");
    for name in ["meeting.lua", "config.json"] {
        s3.put(name, &std::fs::read_to_string(project("scripts").join(name)).unwrap());
    }
    let config = json!({"meetings": {"777": {"meeting_id": "meeting-7", "join_token": "token-7"}}})
        .to_string();
    let settings = [
        ("MOONRING_SCRIPTS", s3.location()),
        ("AWS_ENDPOINT_URL", s3.endpoint.clone()),
        ("MOONRING_CONFIG", config),
    ];
    let function =
        Function::start(&settings.each_ref().map(|(name, value)| (*name, value.as_str())));

    let call = new_call();
    let id = call["CallDetails"]["TransactionId"].as_str().unwrap().to_owned();
    let welcome = function.invoke(&call).answer;
    assert_eq!(
        welcome["Actions"][0]["Parameters"]["AudioSource"]["Key"],
        "welcome-to-meetings.wav"
    );
    assert_eq!(welcome["Actions"][1]["Type"], "PlayAudioAndGetDigits");
    assert_eq!(welcome["Actions"][1]["Parameters"]["TerminatorDigits"], json!(["#"]));
    assert_eq!(welcome["Actions"][1]["Parameters"]["Repeat"], 3);

    let mut digits = event_of(&id, "ACTION_SUCCESSFUL-PlayAudioAndGetDigits-digits");
    for (pin, action) in
        [("999", "PlayAudio"), ("777", "JoinChimeMeeting"), ("12345", "JoinChimeMeeting")]
    {
        digits["ActionData"]["ReceivedDigits"] = json!(pin);
        assert_eq!(function.invoke(&digits).answer["Actions"][0]["Type"], action, "{pin}");
    }
    digits["ActionData"]["ReceivedDigits"] = json!("777");
    let join = json!([{"Type": "JoinChimeMeeting", "Parameters": {"JoinToken": "token-7", "MeetingId": "meeting-7"}}]);
    assert_eq!(function.invoke(&digits).answer["Actions"], join);

    let joined = event_of(&id, "ACTION_SUCCESSFUL-JoinChimeMeeting-meetingid");
    let answer = own(&function.invoke(&joined).answer, &joined);
    assert_eq!(answer, json!({"SchemaVersion": "1.0"}), "in the meeting nothing more is done");
    let left = function.invoke(&event_of(&id, "HANGUP-Hangup-lega-bridged")).answer;
    assert_eq!(left["Actions"][0]["Type"], "Hangup");
    assert_eq!(left["Actions"][0]["Parameters"]["CallId"], "7fe9f2a4-b335-403f-99c1-87829f1fbf88");
    let failed =
        function.invoke(&event_of(&id, "ACTION_FAILED-PlayAudioAndGetDigits-nodigits")).answer;
    assert_eq!(failed["Actions"][1]["Type"], "Hangup");
}

#[test]
fn every_recorded_event_is_answered_in_form() {
    let s3 = S3::shared();
    s3.put("main.lua", "return { default = function(event, call) call.attributes.seen = event.Sequence return action.pause { duration_in_milliseconds = 1 } end }");
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
    ]);
    let mut count = 0;
    for entry in std::fs::read_dir(project("tests/events")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let answer = function.invoke_within(text, Duration::from_secs(60)).answer;
        assert_eq!(answer["SchemaVersion"], "1.0");
        assert_eq!(
            answer["Actions"],
            json!([{"Type": "Pause", "Parameters": {"DurationInMilliseconds": 1}}])
        );
        assert!(answer["TransactionAttributes"]["seen"].is_string(), "{answer}");
        count += 1;
    }
    assert!(count >= 107);
    assert_eq!(function.event_lines().len(), count);
}

#[test]
fn whatever_comes_is_answered() {
    let s3 = S3::shared();
    s3.put("main.lua", &says("hello"));
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", &s3.location()),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
    ]);
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let long = format!(
        "{{\"InvocationEventType\": \"NEW_INBOUND_CALL\", \"x\": \"{}\"}}",
        "y".repeat(3_000_000)
    );
    for (text, expected) in [
        ("[]", APOLOGY),
        ("\"call\"", APOLOGY),
        ("1e400", APOLOGY),
        (deep.as_str(), APOLOGY),
        ("{}", "hello"),
        ("{\"CallDetails\": null, \"InvocationEventType\": 7}", "hello"),
        (
            "{\"InvocationEventType\": \"CALL_TRANSLATED\", \"CallDetails\": {\"TransactionId\": \"x\"}}",
            "hello",
        ),
        (long.as_str(), "hello"),
    ] {
        let reply = function.invoke_within(text.to_owned(), Duration::from_secs(60));
        assert_eq!(said(&reply.answer), expected, "{}", &text[..text.len().min(80)]);
    }
}
