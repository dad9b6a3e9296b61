//! Moments that meet: digits between two prompts, parties that leave while it rings, timers of what
//! is gone.

use super::*;

#[test]
fn each_word_of_digits_waits_for_a_question_of_its_own() {
    let caller: Person = "123# 456#".parse().unwrap();
    let mut asked = 0;
    let call =
        played(PlayedCall::inbound(usual(), inbound(caller)), |event| match name(event).as_str() {
            "NEW_INBOUND_CALL" => Some(answer(&json!([ask(1)]))),
            "ACTION_SUCCESSFUL PlayAudioAndGetDigits" => {
                asked += 1;
                Some(answer(&if asked == 1 {
                    json!([speak("A longer text before the next question."), ask(1)])
                } else {
                    json!([hangup()])
                }))
            }
            _ => None,
        });
    let digits: Vec<_> = call
        .trace
        .events()
        .filter_map(|event| event["ActionData"]["ReceivedDigits"].as_str())
        .collect();
    assert_eq!(digits, ["123", "456"]);
}

#[test]
fn a_caller_who_leaves_while_it_rings_ends_the_bridge_too() {
    let call = InboundCall {
        callees: Callees::all(Person::who(Pickup::Never)),
        ..inbound(leaves_after(4))
    };
    let call = played(PlayedCall::inbound(usual(), call), |event| {
        at(event, "NEW_INBOUND_CALL", &json!([bridge()]))
    });
    assert_eq!(call.events(), ["NEW_INBOUND_CALL", "ACTION_FAILED CallAndBridge", "HANGUP Hangup"]);
    assert!(
        call.trace
            .entries
            .iter()
            .any(|entry| matches!(entry.happened, Happened::Ends { leg: Tag::B, .. }))
    );
    assert_eq!(call.event("HANGUP")["CallDetails"]["Participants"].as_array().unwrap().len(), 1);
}

#[test]
fn a_bridge_that_nobody_answers_does_not_keep_an_unanswered_caller_for_ever() {
    let mut long = bridge();
    long["Parameters"]["CallTimeoutSeconds"] = json!(60);
    let call = InboundCall {
        callees: Callees::all(Person::who(Pickup::Never)),
        ..inbound(Person::quiet())
    };
    let call = played(PlayedCall::inbound(usual(), call), |event| {
        at(event, "NEW_INBOUND_CALL", &json!([long]))
    });
    assert!((60_000..=61_000).contains(&call.sent_at("HANGUP")), "{}", call.sent_at("HANGUP"));
}

#[test]
fn digits_that_do_not_stop_the_music_reach_whoever_listens() {
    let listen = json!({"Type": "ReceiveDigits", "Parameters": {"InputDigitsRegex": "^[12]$",
        "InBetweenDigitsDurationInMilliseconds": 1000, "FlushDigitsDurationInMilliseconds": 4000}});
    let mut music = play_audio("long.wav");
    music["Parameters"]["PlaybackTerminators"] = json!(["#"]);
    let caller = Person::doing([Behavior::press("1"), Behavior::hang_up_after(MS(30_000))]);
    let call = opened(usual(), caller, json!([speak("Hi"), listen, music]));
    assert_eq!(call.event("DIGITS_RECEIVED")["ActionData"]["ReceivedDigits"], "1");
}

#[test]
fn a_timer_of_digits_that_were_listened_for_before_says_nothing_to_who_listens_now() {
    let listen = |pattern: &str| {
        json!({"Type": "ReceiveDigits", "Parameters": {"InputDigitsRegex": pattern,
        "InBetweenDigitsDurationInMilliseconds": 5000, "FlushDigitsDurationInMilliseconds": 9000}})
    };
    let key = |key: &str, after: u64| Behavior {
        trigger: BehaviorTrigger::Next,
        after: MS(after),
        action: PersonAction::Press(key.to_owned()),
    };
    let caller =
        Person::doing([key("1", 2000), key("2", 4000), Behavior::hang_up_after(MS(30_000))]);
    let call =
        opened(usual(), caller, json!([listen("^x$"), pause(3000), listen("^2$"), pause(60_000)]));
    assert_eq!(call.sent_at("DIGITS_RECEIVED"), 11_000);
}

#[test]
fn what_is_repeated_without_end_ends_with_the_day() {
    let mut endless = play_audio("a.wav");
    endless["Parameters"]["Repeat"] = json!(4_294_967_295_u64);
    let call = opened(usual(), Person::quiet(), json!([endless]));
    assert!(call.has_log("The call has gone on for a day; the simulator ends it."));
    assert!(!call.call.is_up());
}

#[test]
fn a_leg_that_is_required_and_not_given_is_the_first() {
    let call = InboundCall {
        callees: Callees::all(Person::doing([
            Behavior::press("1"),
            Behavior::hang_up_after(MS(20_000)),
        ])),
        ..inbound(leaves_after(40))
    };
    let listen = json!({"Type": "ReceiveDigits", "Parameters": {"ParticipantTag": "LEG-B", "InputDigitsRegex": "^1$",
        "InBetweenDigitsDurationInMilliseconds": 1000, "FlushDigitsDurationInMilliseconds": 4000}});
    let call = played(PlayedCall::inbound(usual(), call), |event| match name(event).as_str() {
        "NEW_INBOUND_CALL" => Some(answer(&json!([bridge()]))),
        "ACTION_SUCCESSFUL CallAndBridge" => Some(answer(&json!([listen]))),
        "DIGITS_RECEIVED ReceiveDigits" => {
            Some(answer(&json!([speak("to a"), play_audio("to-b.wav")])))
        }
        _ => None,
    });
    let hears = |leg: Tag, what: &str| {
        call.trace.entries.iter().any(|entry| matches!(&entry.happened, Happened::Hears { leg: who, what: heard, .. } if *who == leg && heard.contains(what)))
    };
    assert!(hears(Tag::A, "to a") && hears(Tag::B, "to-b.wav"));
}

#[test]
fn faults_are_told_in_the_services_own_words() {
    for (action, error_type, given) in [
        (
            join(),
            "SystemException",
            json!({"ErrorMessage": "System error while running action.", "Error": "SystemException: System error while running action."}),
        ),
        (
            record(),
            "SystemException",
            json!({"ErrorMessage": "System error while running an action."}),
        ),
        (
            speak("x"),
            "AccessDenied",
            json!({"ErrorMessage": "The AWSServiceRoleForAmazonChimeVoiceConnector service-linked role is not configured correctly."}),
        ),
    ] {
        let name = action["Type"].as_str().unwrap().to_owned();
        let message = failure_message(&name, error_type).unwrap().to_owned();
        let world = world(|world| {
            drop(
                world
                    .faults
                    .actions
                    .insert(name, ActionError { error_type: error_type.to_owned(), message }),
            )
        });
        let data =
            opened(world, leaves_after(40), json!([action])).event("ACTION_FAILED")["ActionData"]
                .clone();
        for (field, value) in given.as_object().unwrap() {
            assert_eq!(&data[field], value);
        }
        assert!(data["Parameters"]["CallId"].is_string(), "{data}");
    }
    assert_eq!(failure_message("Speak", "Nonsense"), None);
}
