//! Sections I to K and M: what is refused, headers, recordings, limits.

use super::*;

/// The failure that an action alone comes to.
fn failure(action: Value) -> (String, String) {
    let event = opened(usual(), leaves_after(40), json!([action])).event("ACTION_FAILED");
    let text = |name: &str| event["ActionData"][name].as_str().unwrap().to_owned();
    (text("ErrorType"), text("ErrorMessage"))
}

#[test]
fn rule_54_and_55_what_cannot_be_read_is_refused_once_and_then_the_call_ends() {
    for wrong in [
        json!([{"Type": "Dance", "Parameters": {}}]),
        json!([5]),
        json!("Hangup"),
        json!({"Type": "Hangup"}),
    ] {
        let call = played(PlayedCall::inbound(usual(), inbound(Person::quiet())), |_| {
            Some(answer(&wrong))
        });
        assert_eq!(call.events(), ["NEW_INBOUND_CALL", "INVALID_LAMBDA_RESPONSE"], "{wrong}");
        assert!(!call.call.is_up());
    }
}

#[test]
fn rule_56_sip_messages_are_logged_where_that_is_on() {
    for logs_sip in [true, false] {
        let world = world(|world| world.logs_sip = logs_sip);
        let call = opened(world, leaves_after(2), json!([speak("Hello")]));
        let logged = call.trace.entries.iter().filter_map(|entry| match &entry.happened {
            Happened::Sip { group, message, .. } => Some((group.as_str(), *message)),
            _ => None,
        });
        let group = "/aws/ChimeSipMediaApplicationSipMessages/sma-0";
        let expected = [(group, "INVITE"), (group, "200 OK"), (group, "BYE")];
        assert_eq!(logged.collect::<Vec<_>>(), if logs_sip { &expected[..] } else { &[] });
    }
}

#[test]
fn rule_57_to_60_headers_come_in_and_go_out_if_they_may() {
    let sip_headers = Map::from_iter([("X-Test".to_owned(), json!("alpha"))]);
    let call = InboundCall { sip_headers, ..inbound(leaves_after(1)) };
    let call = played(PlayedCall::inbound(usual(), call), |_| None);
    assert_eq!(
        call.event("NEW_INBOUND_CALL")["CallDetails"]["Participants"][0]["SipHeaders"],
        json!({"X-Test": "alpha"})
    );
    let with = |name: &str| {
        let mut action = bridge();
        action["Parameters"]["SipHeaders"] = json!({name: "x"});
        action
    };
    let (error_type, message) = failure(with("X-AMZN"));
    assert_eq!(
        (error_type.as_str(), message.as_str()),
        ("InvalidActionParameter", "Invalid SIP header(s) provided: X-AMZN")
    );
    assert!(failure(with("From")).1.ends_with("From"));
    let sent = opened(usual(), leaves_after(40), json!([with("x-room")]));
    assert_eq!(sent.warnings(), 1);
    let strict = reading(|readings| readings.headers_to_pstn = false);
    assert_eq!(
        opened(strict, leaves_after(40), json!([with("x-room")])).events()[1],
        "ACTION_FAILED CallAndBridge"
    );
}

#[test]
fn rule_63_a_recording_of_the_call_starts_once_and_has_its_place() {
    let start = json!({"Type": "StartCallRecording", "Parameters": {"Track": "BOTH", "Destination": {"Type": "S3", "Location": "box"}}});
    let event = opened(usual(), leaves_after(9), json!([start])).event("ACTION_SUCCESSFUL");
    let file =
        event["ActionData"]["CallRecordingDestination"]["Location"].as_str().unwrap().to_owned();
    assert!(
        file.starts_with(
            "box/Amazon-Chime-SMA-Call-Recordings/2024/06/10/2024-06-10-16-20-05-907_"
        ),
        "{file}"
    );
    let simple = |name: &str| json!({"Type": name, "Parameters": {}});
    for (list, failed) in [
        (json!([start, simple("StopCallRecording"), start]), "ACTION_FAILED StartCallRecording"),
        (
            json!([start, simple("PauseCallRecording"), simple("PauseCallRecording")]),
            "ACTION_FAILED PauseCallRecording",
        ),
        (json!([simple("ResumeCallRecording")]), "ACTION_FAILED ResumeCallRecording"),
        (json!([simple("StopCallRecording")]), "ACTION_FAILED StopCallRecording"),
        (
            json!([
                start,
                simple("PauseCallRecording"),
                simple("ResumeCallRecording"),
                simple("StopCallRecording")
            ]),
            "ACTION_SUCCESSFUL StopCallRecording",
        ),
    ] {
        assert_eq!(opened(usual(), leaves_after(9), list).events()[1], failed);
    }
}

#[test]
fn rule_62_and_63_recordings_are_as_long_as_they_ran() {
    let start = json!({"Type": "StartCallRecording", "Parameters": {"Track": "BOTH", "Destination": {"Type": "S3", "Location": "box"}}});
    let call =
        opened(usual(), "talk 2 wait 3 # wait 4 hangup".parse().unwrap(), json!([start, record()]));
    let recorded: Vec<_> = call
        .trace
        .entries
        .iter()
        .filter_map(|entry| match &entry.happened {
            Happened::Records { file, lasts, channels, .. } => {
                Some((file.split('/').next().unwrap(), lasts.as_millis(), *channels))
            }
            _ => None,
        })
        .collect();
    assert_eq!(recorded, [("box", 5500, 1), ("box", 9500, 2)]);
}

#[test]
fn rule_65_a_record_says_in_texts_what_is_billed_of_each_leg() {
    let call = InboundCall { callees: Callees::all(leaves_after(10)), ..inbound(leaves_after(30)) };
    let call = played(PlayedCall::inbound(usual(), call), |event| {
        at(event, "NEW_INBOUND_CALL", &json!([speak("Hi"), bridge()]))
    });
    let records = detail_records(call.call.exchange(), call.call.now());
    assert!(records[0].file.starts_with("Amazon-Chime-SMADRs/2024/06/10/") && records.len() == 2);
    let text = |leg: usize, name: &str| records[leg].record[name].as_str().unwrap().to_owned();
    assert_eq!(
        (text(0, "BillableDurationSeconds"), text(1, "BillableDurationSeconds")),
        ("30".to_owned(), "10".to_owned())
    );
    assert_eq!(
        (text(0, "SourcePhoneNumber"), text(0, "Status")),
        ("12065550142".to_owned(), "Completed".to_owned())
    );
    assert!(records[0].record.as_object().unwrap().values().all(Value::is_string));
    let refused = opened(usual(), Person::quiet(), json!([hangup()]));
    assert_eq!(
        detail_records(refused.call.exchange(), refused.call.now())[0].record["Status"],
        "Failed"
    );
}

#[test]
fn rule_65_a_bridge_after_one_that_nobody_answered_is_billed_by_its_own_times() {
    let call = InboundCall { callees: Callees::all(leaves_after(10)), ..inbound(leaves_after(60)) };
    let call =
        played(PlayedCall::inbound(usual(), call), |event| {
            match event["InvocationEventType"].as_str().unwrap() {
                "NEW_INBOUND_CALL" => {
                    let mut soon = bridge();
                    soon["Parameters"]["CallTimeoutSeconds"] = json!(1);
                    Some(answer(&json!([soon])))
                }
                "ACTION_FAILED" => Some(answer(&json!([bridge()]))),
                _ => None,
            }
        });
    let records = detail_records(call.call.exchange(), call.call.now());
    assert_eq!(
        (&records[1].record["Status"], &records[1].record["BillableDurationSeconds"]),
        (&json!("Completed"), &json!("10"))
    );
}

#[test]
fn rule_61_files_that_are_no_wav_or_not_there_cannot_be_played() {
    for (found, expected) in [
        (Audio::Lasts(MS(1500)), None),
        (Audio::Unknown, None),
        (Audio::Unusable, Some("Audio Source parameter value is invalid.")),
        (Audio::Missing, Some("Cannot access S3 bucket or audio file.")),
    ] {
        let world = world(|world| world.audio = Some(Box::new(move |_, _| found)));
        let call = opened(world, leaves_after(40), json!([play_audio("a.wav")]));
        let last = call.trace.events().nth(1).unwrap()["ActionData"]["ErrorMessage"]
            .as_str()
            .map(str::to_owned);
        assert_eq!(last.as_deref(), expected);
        if found == Audio::Lasts(MS(1500)) {
            assert_eq!(call.sent_at("ACTION_SUCCESSFUL"), 1500);
        }
    }
}

#[test]
fn rule_66_voice_focus_is_throttled_after_five_in_a_second() {
    let focus = json!({"Type": "VoiceFocus", "Parameters": {"Enable": true}});
    let list = |count: usize| json!(vec![focus.clone(); count]);
    assert_eq!(
        opened(usual(), leaves_after(5), list(5)).events()[1],
        "ACTION_SUCCESSFUL VoiceFocus"
    );
    assert_eq!(
        opened(usual(), leaves_after(5), list(6)).event("ACTION_FAILED")["ActionData"]["ErrorType"],
        "ActionExecutionThrottled"
    );
}

#[test]
fn rule_67_limits_are_refused_in_the_services_own_words() {
    let endpoints = |list: Value| {
        let mut action = bridge();
        action["Parameters"]["Endpoints"] = list;
        action
    };
    let with = |mut action: Value, name: &str, value: Value| {
        action["Parameters"][name] = value;
        action
    };
    for (action, error_type, message) in [
        (
            speak(&"x".repeat(1001)),
            "MissingRequiredActionParameter",
            "Text is limited to 1,000 characters",
        ),
        (speak(""), "MissingRequiredActionParameter", "Text is a required parameter."),
        (
            with(play_audio("x"), "AudioSource", json!({"Type": "S3"})),
            "InvalidAudioSource",
            "Audio Source parameter value is invalid.",
        ),
        (endpoints(json!([])), "InvalidActionParameter", "Invalid number of endpoints provided."),
        (
            endpoints(json!([{"BridgeEndpointType": "PSTN", "Uri": "911"}])),
            "InvalidActionParameter",
            "Endpoint parameter is invalid.",
        ),
        (
            with(bridge(), "CallerIdNumber", json!("me")),
            "InvalidActionParameter",
            "Invalid caller ID.",
        ),
        (
            with(bridge(), "CallerIdNumber", json!(null)),
            "InvalidActionParameter",
            "Caller ID not defined.",
        ),
        (
            with(bridge(), "CallTimeoutSeconds", json!("121")),
            "InvalidActionParameter",
            "The MaxCallTimeout parameter is invalid. Timeout must be between 0 and 120 seconds.",
        ),
        (
            with(bridge(), "RingbackTone", json!({"Type": "S3"})),
            "InvalidAudioSource",
            "Ringtone parameter value is invalid.",
        ),
        (
            with(record(), "DurationInSeconds", json!("0")),
            "InvalidActionParameter",
            "DurationInSeconds parameter value is invalid.",
        ),
        (
            with(join(), "JoinToken", json!("")),
            "InvalidActionParameter",
            "JoinToken parameter value is invalid.",
        ),
        (
            json!({"Type": "SendDigits", "Parameters": {"Digits": "1".repeat(51)}}),
            "InvalidActionParameter",
            "Digits parameter value is invalid.",
        ),
        (
            json!({"Type": "SendDigits", "Parameters": {"Digits": "1", "ToneDurationInMilliseconds": 20}}),
            "InvalidActionParameter",
            "ToneDuration parameter value is invalid.",
        ),
        (
            json!({"Type": "VoiceFocus", "Parameters": {}}),
            "MissingRequiredActionParameter",
            "Missing required action parameter.",
        ),
        (
            with(speak("x"), "CallId", json!("who")),
            "InvalidActionParameter",
            "CallId or ParticipantTag parameter for action is invalid.",
        ),
    ] {
        assert_eq!(failure(action), (error_type.to_owned(), message.to_owned()));
    }
}

#[test]
fn digits_are_collected_with_tries_and_without_the_terminator() {
    for (keys, expected) in
        [("123#", Some("123")), ("12345", Some("12345")), ("12#", None), ("", None)]
    {
        let behavior = if keys.is_empty() { vec![] } else { vec![Behavior::press(keys)] };
        let call = opened(usual(), Person::doing(behavior), json!([ask(2), pause(1)]));
        let digits = call.trace.events().nth(1).unwrap()["ActionData"]["ReceivedDigits"]
            .as_str()
            .map(str::to_owned);
        assert_eq!(digits.as_deref(), expected, "{keys}");
        if expected.is_none() {
            assert_eq!(call.events()[1], "ACTION_FAILED PlayAudioAndGetDigits");
            let heard = call.heard();
            assert_eq!(
                heard,
                [
                    "s3://prompts/pin.wav",
                    "s3://prompts/wrong.wav",
                    "s3://prompts/pin.wav",
                    "s3://prompts/wrong.wav"
                ]
            );
        }
    }
}

#[test]
fn digits_that_are_listened_for_are_told_when_they_match() {
    let listen = json!({"Type": "ReceiveDigits", "Parameters": {"InputDigitsRegex": "^[0-9]{2}#$",
        "InBetweenDigitsDurationInMilliseconds": 1000, "FlushDigitsDurationInMilliseconds": 4000}});
    let keys = |keys: &str, after| Behavior { after, ..Behavior::press(keys) };
    let caller = Person::doing([
        keys("9", MS(0)),
        keys("11#", MS(6000)),
        Behavior::hang_up_after(MS(20_000)),
    ]);
    let call = opened(usual(), caller, json!([speak("hi"), listen]));
    assert_eq!(call.event("DIGITS_RECEIVED")["ActionData"]["ReceivedDigits"], "11#");
    assert_eq!(call.events().iter().filter(|name| name.starts_with("DIGITS_RECEIVED")).count(), 1);
}

#[test]
fn a_bot_understands_what_it_was_taught() {
    let arn = "arn:aws:lex:us-east-1:1:bot-alias/A/B";
    let slots = Map::from_iter([
        ("Department".to_owned(), json!("pharmacy")),
        ("Doctor".to_owned(), Value::Null),
    ]);
    let intent =
        Intent { name: "RouteCall".to_owned(), slots, state: "ReadyForFulfillment".to_owned() };
    let world = world(|world| {
        let intents = [("the pharmacy please".to_owned(), intent)].into();
        world.bots.insert(arn.to_owned(), Bot { intents });
    });
    let talk = json!([{"Type": "StartBotConversation", "Parameters": {"BotAliasArn": arn}}]);
    for (said, name, slot) in [
        ("The pharmacy please", "RouteCall", json!("pharmacy")),
        ("what", "FallbackIntent", Value::Null),
    ] {
        let caller = Person::doing([Behavior::during(
            "StartBotConversation",
            MS(1000),
            PersonAction::Say(said.to_owned()),
        )]);
        let call = opened(world.clone(), caller, talk.clone());
        let intent = call.event("ACTION_SUCCESSFUL")["ActionData"]["IntentResult"]["SessionState"]
            ["Intent"]
            .clone();
        assert_eq!(intent["Name"], name);
        assert_eq!(intent["Slots"]["Department"]["Value"]["InterpretedValue"], slot);
    }
}

#[test]
fn a_recording_ends_by_key_time_or_silence() {
    let with = |name: &str, value: u64| {
        let mut action = record();
        action["Parameters"][name] = json!(value);
        json!([action])
    };
    for (actions, caller, expected) in [
        (json!([record()]), "talk 3 wait 3 #", 6500),
        (with("DurationInSeconds", 4), "talk 60", 4000),
        (with("SilenceDurationInSeconds", 2), "talk 3", 5000),
        (with("SilenceDurationInSeconds", 2), "wait 1", 2000),
    ] {
        let call = opened(usual(), caller.parse().unwrap(), actions);
        assert_eq!(call.sent_at("ACTION_SUCCESSFUL RecordAudio"), expected, "{caller}");
        let terminator = &call.event("ACTION_SUCCESSFUL")["ActionData"]["RecordingTerminatorUsed"];
        assert_eq!(terminator.is_string(), caller.contains('#'));
    }
}
