//! Section G: legs and hang-up.

use super::*;

/// A bridged call; what else the function does is up to the test.
fn bridged(
    world: Arc<World>,
    caller: Person,
    callee: Person,
    mut function: impl FnMut(&Value) -> Option<Value>,
) -> Played {
    let call = InboundCall { callees: Callees::all(callee), ..inbound(caller) };
    played(PlayedCall::inbound(world, call), move |event| {
        at(event, "NEW_INBOUND_CALL", &json!([bridge()])).or_else(|| function(event))
    })
}

fn in_meeting(
    world: Arc<World>,
    caller: Person,
    function: impl FnMut(&Value) -> Option<Value>,
) -> Played {
    let mut function = function;
    played(PlayedCall::inbound(world, inbound(caller)), move |event| {
        at(event, "NEW_INBOUND_CALL", &json!([join()])).or_else(|| function(event))
    })
}

#[test]
fn rule_38_the_second_leg_is_that_of_the_bridge_or_the_meeting() {
    let call = bridged(usual(), leaves_after(20), leaves_after(5), |_| None);
    let legs = &call.event("ACTION_SUCCESSFUL")["CallDetails"]["Participants"];
    assert_eq!(
        (&legs[0]["ParticipantTag"], &legs[1]["ParticipantTag"]),
        (&json!("LEG-A"), &json!("LEG-B"))
    );
    assert_eq!(legs[1]["Direction"], "Outbound");
    let call = in_meeting(usual(), leaves_after(20), |_| None);
    assert_eq!(
        call.event("ACTION_SUCCESSFUL")["CallDetails"]["Participants"][1]["Direction"],
        "Outbound"
    );
}

#[test]
fn rule_39_the_numbers_of_a_meeting_leg_stand_either_way() {
    for (swapped, to, from) in [(false, "+17035550122", "SMA"), (true, "SMA", "+17035550122")] {
        let world = reading(|readings| readings.meeting_leg_swapped = swapped);
        let call = in_meeting(world, leaves_after(20), |_| None);
        let leg = call.event("ACTION_SUCCESSFUL")["CallDetails"]["Participants"][1].clone();
        assert_eq!((&leg["To"], &leg["From"]), (&json!(to), &json!(from)));
    }
}

#[test]
fn rule_40_one_leg_ending_does_not_end_the_other() {
    let call = bridged(usual(), leaves_after(60), leaves_after(5), |_| None);
    assert_eq!(
        call.events(),
        ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL CallAndBridge", "HANGUP Hangup", "HANGUP Hangup"]
    );
    let first = call.event("HANGUP");
    assert_eq!(first["ActionData"]["Parameters"]["ParticipantTag"], "LEG-B");
    assert_eq!(first["CallDetails"]["Participants"][0]["Status"], "Connected");
}

#[test]
fn rule_41_a_hangup_of_the_only_leg_is_told_by_one_event_whose_answer_counts_for_nothing() {
    let call =
        played(PlayedCall::inbound(usual(), inbound(Person::quiet())), |event| {
            match name(event).as_str() {
                "NEW_INBOUND_CALL" => Some(answer(&json!([speak("bye"), hangup()]))),
                _ => Some(answer(&json!([speak("too late")]))),
            }
        });
    assert_eq!(call.events(), ["NEW_INBOUND_CALL", "HANGUP Hangup"]);
    assert_eq!(call.heard(), ["bye"]);
}

#[test]
fn rule_42_a_hangup_of_a_bridged_leg_is_told_by_two_events_or_one() {
    for (reports, expected) in
        [(true, &["ACTION_SUCCESSFUL Hangup", "HANGUP Hangup"][..]), (false, &["HANGUP Hangup"])]
    {
        let world = reading(|readings| readings.bridge_hangup_reports = reports);
        let call = bridged(world, leaves_after(60), leaves_after(60), |event| {
            match name(event).as_str() {
                "ACTION_SUCCESSFUL CallAndBridge" => Some(answer(&json!([hangup_of("LEG-B")]))),
                "HANGUP Hangup" => Some(answer(&json!([speak("alone again"), hangup()]))),
                _ => None,
            }
        });
        assert_eq!(call.events()[2..2 + expected.len()], *expected);
        assert_eq!(call.heard(), ["alone again"], "the answer to HANGUP is run: somebody is there");
    }
}

#[test]
fn rule_43_a_hangup_of_the_meeting_leg_leaves_the_caller_on_the_line() {
    let call = in_meeting(usual(), leaves_after(60), |event| match name(event).as_str() {
        "ACTION_SUCCESSFUL JoinChimeMeeting" => Some(answer(&json!([hangup_of("LEG-B")]))),
        "ACTION_SUCCESSFUL Hangup" => Some(answer(&json!([speak("you left"), hangup()]))),
        _ => None,
    });
    assert_eq!(call.heard(), ["you left"]);
    assert_eq!(
        call.events()[1..],
        ["ACTION_SUCCESSFUL JoinChimeMeeting", "ACTION_SUCCESSFUL Hangup", "HANGUP Hangup"]
    );
}

#[test]
fn rule_44_when_nobody_is_left_the_answer_counts_for_nothing() {
    let call = in_meeting(usual(), leaves_after(10), |event| {
        at(event, "HANGUP", &json!([speak("to nobody")]))
    });
    assert!(call.heard().is_empty());
    let legs = call.event("HANGUP")["CallDetails"]["Participants"].clone();
    assert!(
        legs.as_array().unwrap().iter().all(|leg| leg["Status"] == "Disconnected"),
        "the meeting leg goes along"
    );
}

#[test]
fn rule_45_an_action_whose_party_leaves_ends_first_or_in_silence() {
    for (action, expected) in [
        (record(), "ACTION_SUCCESSFUL RecordAudio"),
        (speak("A text that takes longer than a second to say."), "ACTION_SUCCESSFUL Speak"),
        (play_audio("long.wav"), "ACTION_FAILED PlayAudio"),
        (ask(1), "ACTION_FAILED PlayAudioAndGetDigits"),
    ] {
        let leaves = || {
            let kind = action["Type"].as_str().unwrap();
            Person::doing([Behavior::during(kind, MS(1000), PersonAction::HangUp)])
        };
        let call = opened(usual(), leaves(), json!([action, play_audio("never.wav")]));
        assert_eq!(call.events(), ["NEW_INBOUND_CALL", expected, "HANGUP Hangup"]);
        assert_eq!(
            call.trace.events().nth(1).unwrap()["CallDetails"]["Participants"][0]["Status"],
            "Disconnected"
        );
        let quiet = reading(|readings| readings.when_leg_leaves = WhenLegLeaves::Quietly);
        assert_eq!(
            opened(quiet, leaves(), json!([action])).events(),
            ["NEW_INBOUND_CALL", "HANGUP Hangup"]
        );
    }
    let recorded = opened(usual(), leaves_after(4), json!([record()])).event("ACTION_SUCCESSFUL");
    let key = recorded["ActionData"]["RecordingDestination"]["Key"].as_str().unwrap().to_owned();
    assert!(key.starts_with("in/2024/06/10/") && key.ends_with(".wav"), "{key}");
}

#[test]
fn rule_46_other_codes_are_taken_with_a_warning_or_refused() {
    let hangup = json!([{"Type": "Hangup", "Parameters": {"SipResponseCode": "200"}}]);
    let taken = opened(usual(), Person::quiet(), hangup.clone());
    assert_eq!((taken.warnings(), taken.events()[1].as_str()), (1, "HANGUP Hangup"));
    let refusing = reading(|readings| readings.other_codes = false);
    assert_eq!(opened(refusing, leaves_after(40), hangup).events()[1], "ACTION_FAILED Hangup");
}

#[test]
fn rule_48_the_legs_stand_in_either_order() {
    for (second_first, expected) in [(false, ["LEG-A", "LEG-B"]), (true, ["LEG-B", "LEG-A"])] {
        let world = reading(|readings| readings.second_leg_first = second_first);
        let legs = bridged(world, leaves_after(20), leaves_after(5), |_| None)
            .event("ACTION_SUCCESSFUL")["CallDetails"]["Participants"]
            .clone();
        assert_eq!(
            legs.as_array()
                .unwrap()
                .iter()
                .map(|leg| leg["ParticipantTag"].clone())
                .collect::<Vec<_>>(),
            expected
        );
    }
}

#[test]
fn a_bridge_that_rings_says_so_or_does_not() {
    for rings in [true, false] {
        let world = reading(|readings| readings.bridge_rings = rings);
        let call = bridged(world, leaves_after(20), leaves_after(5), |_| None);
        assert_eq!(call.events().contains(&"RINGING".to_owned()), rings);
    }
}

#[test]
fn rule_47_what_a_bridge_or_a_meeting_makes_impossible_fails() {
    let bot = json!({"Type": "StartBotConversation", "Parameters": {"BotAliasArn": "arn:aws:lex:us-east-1:1:bot-alias/A/B"}});
    let mute = json!({"Type": "ModifyChimeMeetingAttendees", "Parameters": {"Operation": "Mute", "MeetingId": "meeting", "AttendeeList": ["a"]}});
    for (action, message) in [
        (join(), "Invalid action on the call."),
        (bot.clone(), "Invalid action on the call."),
        (mute.clone(), "Call is not connected to Chime Meeting."),
    ] {
        let call = bridged(usual(), leaves_after(60), leaves_after(60), |event| {
            at(event, "ACTION_SUCCESSFUL CallAndBridge", &json!([action]))
        });
        assert_eq!(call.event("ACTION_FAILED")["ActionData"]["ErrorMessage"], message);
    }
    let call = in_meeting(usual(), leaves_after(60), |event| {
        at(event, "ACTION_SUCCESSFUL JoinChimeMeeting", &json!([bot]))
    });
    assert_eq!(call.event("ACTION_FAILED")["ActionData"]["Type"], "StartBotConversation");
    let call = in_meeting(usual(), leaves_after(60), |event| {
        at(event, "ACTION_SUCCESSFUL JoinChimeMeeting", &json!([mute]))
    });
    assert!(call.events().contains(&"ACTION_SUCCESSFUL ModifyChimeMeetingAttendees".to_owned()));
    let alone = opened(usual(), leaves_after(60), json!([mute])).event("ACTION_FAILED");
    assert_eq!(alone["ActionData"]["ErrorMessage"], "Invalid action on the call.");
    assert_eq!(alone["ActionData"]["ErrorList"], json!([]));
}
