//! Section D: lists of actions.

use super::*;

#[test]
fn rule_18_ten_actions_are_run_and_eleven_refused() {
    let ten: Vec<_> = (0..10).map(|_| pause(10)).collect();
    assert_eq!(opened(usual(), leaves_after(5), json!(ten)).events()[1], "ACTION_SUCCESSFUL Pause");
    let eleven: Vec<_> = (0..11).map(|_| pause(10)).collect();
    let call = opened(usual(), leaves_after(5), json!(eleven));
    assert_eq!(call.events()[1], "INVALID_LAMBDA_RESPONSE");
    assert!(call.has_log("Too many actions in the response. Maximum number of actions is 10"));
}

#[test]
fn rule_19_and_20_which_actions_report_in_the_middle_of_a_list() {
    for (action, reports) in [
        (bridge(), true),
        (join(), true),
        (ask(1), true),
        (record(), true),
        (speak("x"), false),
        (play_audio("x.wav"), false),
        (json!({"Type": "SendDigits", "Parameters": {"Digits": "1,2"}}), false),
        (json!({"Type": "VoiceFocus", "Parameters": {"Enable": "True"}}), false),
        (
            json!({"Type": "ReceiveDigits", "Parameters": {"InputDigitsRegex": "^1$", "InBetweenDigitsDurationInMilliseconds": 1000,
            "FlushDigitsDurationInMilliseconds": 2000}}),
            false,
        ),
        (
            json!({"Type": "StartCallRecording", "Parameters": {"Track": "BOTH", "Destination": {"Type": "S3", "Location": "box"}}}),
            false,
        ),
    ] {
        let caller = Person::doing([
            Behavior::press("123#"),
            Behavior::press("#"),
            Behavior::hang_up_after(MS(60_000)),
        ]);
        let call = opened(usual(), caller, json!([action, pause(100)]));
        let own = format!("ACTION_SUCCESSFUL {}", action["Type"].as_str().unwrap());
        assert_eq!(call.events().contains(&own), reports, "{own}: {:?}", call.events());
        assert!(
            call.events().contains(&"ACTION_SUCCESSFUL Pause".to_owned()),
            "{own}: {:?}",
            call.events()
        );
    }
}

#[test]
fn rule_20_the_spoken_twins_report_or_do_not() {
    for (reports, expected) in [(true, true), (false, false)] {
        let world = reading(|readings| readings.speech_twins_report = reports);
        let caller = Person::doing([Behavior::press("1"), Behavior::hang_up_after(MS(20_000))]);
        let call = opened(world, caller, json!([ask_aloud(), pause(100)]));
        assert_eq!(
            call.events().contains(&"ACTION_SUCCESSFUL SpeakAndGetDigits".to_owned()),
            expected
        );
    }
}

#[test]
fn rule_21_the_published_logs_come_out_alike() {
    let caller = || Person::doing([Behavior::press("123#"), Behavior::hang_up_after(MS(30_000))]);
    let asked = opened(usual(), caller(), json!([play_audio("a.wav"), ask(1)]));
    assert_eq!(
        asked.events(),
        ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL PlayAudioAndGetDigits", "HANGUP Hangup"]
    );
    for actions in [
        json!([pause(1000), play_audio("a.wav"), hangup()]),
        json!([play_audio("a.wav"), hangup()]),
    ] {
        assert_eq!(
            opened(usual(), Person::quiet(), actions).events(),
            ["NEW_INBOUND_CALL", "HANGUP Hangup"]
        );
    }
}

#[test]
fn rule_22_a_failure_drops_the_rest_and_the_answer_is_run() {
    let world = world(|world| {
        let error = ActionError {
            error_type: "SystemException".to_owned(),
            message: "System error while running action.".to_owned(),
        };
        world.faults.actions.insert("Speak".to_owned(), error);
    });
    let call = played(PlayedCall::inbound(world, inbound(Person::quiet())), |event| {
        match name(event).as_str() {
            "NEW_INBOUND_CALL" => {
                Some(answer(&json!([pause(10), speak("a"), play_audio("never.wav")])))
            }
            "ACTION_FAILED Speak" => Some(answer(&json!([play_audio("sorry.wav"), hangup()]))),
            _ => None,
        }
    });
    assert_eq!(call.heard(), ["s3://prompts/sorry.wav"]);
    let failed = call.event("ACTION_FAILED");
    assert_eq!(failed["ActionData"]["ErrorType"], "SystemException");
    assert_eq!(failed["ActionData"]["ErrorMessage"], "System error while running action.");
}

#[test]
fn rule_23_an_answer_with_actions_replaces_the_rest() {
    let caller = Person::doing([Behavior::press("123#")]);
    let call =
        played(PlayedCall::inbound(usual(), inbound(caller)), |event| match name(event).as_str() {
            "NEW_INBOUND_CALL" => Some(answer(&json!([pause(10), ask(1), play_audio("old.wav")]))),
            "ACTION_SUCCESSFUL PlayAudioAndGetDigits" => {
                Some(answer(&json!([play_audio("new.wav"), hangup()])))
            }
            _ => None,
        });
    assert_eq!(call.heard(), ["s3://prompts/pin.wav", "s3://prompts/new.wav"]);
}

#[test]
fn rule_24_no_actions_keep_the_rest_and_an_empty_list_keeps_or_stops_it() {
    for (answers, stops, expected) in [
        (json!({"SchemaVersion": "1.0"}), false, true),
        (json!({"SchemaVersion": "1.0", "Actions": null}), true, true),
        (answer(&json!([])), false, true),
        (answer(&json!([])), true, false),
    ] {
        let world = reading(|readings| readings.empty_list_stops = stops);
        let caller = Person::doing([Behavior::press("123#"), Behavior::hang_up_after(MS(20_000))]);
        let call = played(PlayedCall::inbound(world, inbound(caller)), |event| {
            match name(event).as_str() {
                "NEW_INBOUND_CALL" => Some(answer(&json!([ask(1), play_audio("rest.wav")]))),
                _ => Some(answers.clone()),
            }
        });
        assert_eq!(call.heard().contains(&"s3://prompts/rest.wav"), expected, "{answers} {stops}");
    }
}

#[test]
fn rule_25_success_is_told_action_by_action_or_of_the_whole_list() {
    for (only_last, expected) in [(false, 2), (true, 1)] {
        let world = reading(|readings| readings.only_last_reports = only_last);
        let caller = Person::doing([Behavior::press("123#"), Behavior::hang_up_after(MS(20_000))]);
        let call = opened(world, caller, json!([ask(1), pause(10)]));
        assert_eq!(
            call.events().iter().filter(|name| name.starts_with("ACTION_SUCCESSFUL")).count(),
            expected
        );
    }
}

#[test]
fn rule_26_an_answer_without_the_version_is_refused() {
    for wrong in [
        json!(null),
        json!([]),
        json!("x"),
        json!({}),
        json!({"SchemaVersion": "2.0"}),
        json!({"statusCode": 200, "body": "{}"}),
    ] {
        let call = played(PlayedCall::inbound(usual(), inbound(leaves_after(40))), |event| {
            match name(event).as_str() {
                "NEW_INBOUND_CALL" => Some(wrong.clone()),
                "INVALID_LAMBDA_RESPONSE" => Some(answer(&json!([speak("sorry"), hangup()]))),
                _ => None,
            }
        });
        assert_eq!(
            call.event("INVALID_LAMBDA_RESPONSE")["ErrorType"],
            "SchemaVersionMismatch",
            "{wrong}"
        );
        assert_eq!(call.heard(), ["sorry"]);
    }
}

#[test]
fn rule_27_the_id_wins_over_the_tag_and_neither_means_the_leg_of_the_event() {
    let call = InboundCall { callees: Callees::all(leaves_after(5)), ..inbound(leaves_after(60)) };
    let mut answered = false;
    let call = played(PlayedCall::inbound(usual(), call), |event| match name(event).as_str() {
        "NEW_INBOUND_CALL" => Some(answer(&json!([bridge()]))),
        "ACTION_SUCCESSFUL CallAndBridge" => {
            let legs = &event["CallDetails"]["Participants"];
            Some(answer(&json!([
                {"Type": "Speak", "Parameters": {"Text": "to b", "CallId": legs[1]["CallId"], "ParticipantTag": "LEG-A"}},
                {"Type": "Speak", "Parameters": {"Text": "to a", "CallId": "", "ParticipantTag": "LEG-A"}},
                {"Type": "Speak", "Parameters": {"Text": "to a too", "CallId": "", "ParticipantTag": ""}},
                {"Type": "Speak", "Parameters": {"Text": "to nobody", "CallId": "unknown"}},
            ])))
        }
        "ACTION_FAILED Speak" => {
            answered = true;
            assert_eq!(
                event["ActionData"]["ErrorMessage"],
                "CallId or ParticipantTag parameter for action is invalid."
            );
            None
        }
        _ => None,
    });
    assert!(answered);
    let who: Vec<_> = call
        .trace
        .entries
        .iter()
        .filter_map(|entry| match &entry.happened {
            Happened::Hears { leg, what, .. } => Some((*leg, what.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(who, [(Tag::B, "to b"), (Tag::A, "to a"), (Tag::A, "to a too")]);
}

#[test]
fn rule_28_the_event_shows_the_parameters_with_defaults() {
    let caller = Person::doing([Behavior::press("123#"), Behavior::hang_up_after(MS(9000))]);
    let call = opened(usual(), caller, json!([ask(2)]));
    let echo = &call.event("ACTION_SUCCESSFUL")["ActionData"];
    assert_eq!(echo["ReceivedDigits"], "123");
    assert_eq!(echo["Parameters"]["InBetweenDigitsDurationInMilliseconds"], 3000);
    assert_eq!(echo["Parameters"]["Repeat"], 2);
    assert_eq!(
        echo["Parameters"]["CallId"],
        call.event("NEW_INBOUND_CALL")["CallDetails"]["Participants"][0]["CallId"]
    );
    let once = opened(usual(), leaves_after(9), json!([play_audio("a.wav")]));
    assert_eq!(once.event("ACTION_SUCCESSFUL")["ActionData"]["Parameters"]["Repeat"], 1);
}
