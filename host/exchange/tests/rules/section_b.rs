//! Section B: answering an inbound call.

use super::*;

#[test]
fn rule_08_the_first_sound_answers() {
    let bot = json!({"Type": "StartBotConversation", "Parameters": {"BotAliasArn": "arn:aws:lex:us-east-1:1:bot-alias/A/B"}});
    let focus = json!({"Type": "VoiceFocus", "Parameters": {"Enable": true}});
    for actions in [
        json!([speak("Hello")]),
        json!([play_audio("a.wav")]),
        json!([ask(1)]),
        json!([ask_aloud()]),
        json!([record()]),
        json!([join()]),
        json!([bot]),
        json!([focus, speak("Hello")]),
    ] {
        assert!(opened(usual(), leaves_after(5), actions.clone()).is_answered(), "{actions}");
    }
    assert!(!opened(usual(), leaves_after(5), json!([focus])).is_answered());
}

#[test]
fn rule_08_a_pause_answers_or_does_not() {
    for (pause_answers, expected) in [(true, true), (false, false)] {
        let world = reading(|readings| readings.pause_answers = pause_answers);
        assert_eq!(opened(world, leaves_after(5), json!([pause(100)])).is_answered(), expected);
    }
}

#[test]
fn rule_09_a_hangup_first_refuses_the_call() {
    let call = opened(
        usual(),
        Person::quiet(),
        json!([{"Type": "Hangup", "Parameters": {"SipResponseCode": "486"}}]),
    );
    assert!(!call.is_answered());
    assert_eq!(call.event("HANGUP")["ActionData"]["Parameters"]["SipResponseCode"], 486);
}

#[test]
fn rule_10_a_bridge_first_answers_the_caller_when_the_other_side_answers() {
    let call = InboundCall {
        callees: Callees::all(Person::who(Pickup::After(MS(7000)))),
        ..inbound(leaves_after(20))
    };
    let call = played(PlayedCall::inbound(usual(), call), |event| {
        at(event, "NEW_INBOUND_CALL", &json!([bridge()]))
    });
    let connects = |leg| {
        let entry =
            call.trace.entries.iter().find(|entry| entry.happened == Happened::Connects { leg });
        entry.unwrap().at.as_millis()
    };
    assert_eq!((connects(Tag::A), connects(Tag::B)), (7000, 7000));
    let busy = InboundCall {
        callees: Callees::all(Person::who(Pickup::Busy)),
        ..inbound(leaves_after(20))
    };
    let busy = played(PlayedCall::inbound(usual(), busy), |event| {
        at(event, "NEW_INBOUND_CALL", &json!([bridge()]))
    });
    assert!(!busy.is_answered());
}

#[test]
fn rule_11_a_call_that_nothing_answers_ends_after_30_s_or_at_once() {
    for (at_once, expected) in [(false, 30_000), (true, 0)] {
        let world = reading(|readings| readings.empty_answer_hangs_up = at_once);
        let call = opened(world, Person::quiet(), json!([]));
        assert_eq!(call.sent_at("HANGUP"), expected);
        assert!(call.has_log("The actions list of a new call is empty."));
        assert!(!call.is_answered());
    }
    assert!(opened(usual(), leaves_after(40), json!([pause(35_000)])).sent_at("HANGUP") > 35_000);
}

#[test]
fn rule_11_is_about_a_call_for_which_nothing_is_done() {
    let mut long = bridge();
    long["Parameters"]["CallTimeoutSeconds"] = json!(40);
    for (first, rings) in [(json!([long]), 40_000), (json!([bridge()]), 30_000)] {
        let caller = leaves_after(100);
        let call =
            InboundCall { callees: Callees::all(Person::who(Pickup::Never)), ..inbound(caller) };
        let mut bridges = 0;
        let call = played(PlayedCall::inbound(usual(), call), |event| match name(event).as_str() {
            "NEW_INBOUND_CALL" => Some(answer(&first)),
            "ACTION_FAILED CallAndBridge" if bridges == 0 => {
                bridges += 1;
                Some(answer(&first))
            }
            "ACTION_FAILED CallAndBridge" => Some(answer(&json!([speak("Nobody is there.")]))),
            _ => None,
        });
        assert_eq!(call.heard(), ["Nobody is there."], "{:?}", call.events());
        assert_eq!(call.sent_at("ACTION_FAILED CallAndBridge"), rings);
    }
    // A first action that fails is nothing that was done.
    let refused = opened(usual(), leaves_after(100), json!([speak("")]));
    assert_eq!(refused.sent_at("HANGUP"), 30_000);
}
