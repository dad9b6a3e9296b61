//! Whatever functions answer and people do, a call comes to its end and breaks nothing.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;

/// An action, right or wrong.
pub(crate) fn any_action() -> impl Strategy<Value = Value> {
    let bot = json!({"Type": "StartBotConversation", "Parameters": {"BotAliasArn": "arn:aws:lex:us-east-1:1:bot-alias/A/B"}});
    let listen = json!({"Type": "ReceiveDigits", "Parameters": {"InputDigitsRegex": "^[0-9]$",
        "InBetweenDigitsDurationInMilliseconds": 500, "FlushDigitsDurationInMilliseconds": 1000}});
    let start = json!({"Type": "StartCallRecording", "Parameters": {"Track": "BOTH", "Destination": {"Type": "S3", "Location": "b"}}});
    let mut ringing = bridge();
    ringing["Parameters"]["RingbackTone"] = audio("ring.wav");
    let known = vec![
        speak("a text"),
        speak(""),
        pause(700),
        pause(0),
        play_audio("a.wav"),
        ask(2),
        ask_aloud(),
        record(),
        bridge(),
        join(),
        bot,
        listen,
        start,
        hangup(),
        hangup_of("LEG-A"),
        hangup_of("LEG-B"),
        hangup_of("LEG-C"),
        json!({"Type": "StopCallRecording", "Parameters": {}}),
        json!({"Type": "PauseCallRecording", "Parameters": {}}),
        json!({"Type": "ResumeCallRecording", "Parameters": {}}),
        json!({"Type": "VoiceFocus", "Parameters": {"Enable": true}}),
        json!({"Type": "ModifyChimeMeetingAttendees", "Parameters":
            {"Operation": "Mute", "MeetingId": "meeting", "AttendeeList": ["a"]}}),
        ringing,
        json!({"Type": "SendDigits", "Parameters": {"Digits": "1,2"}}),
        json!({"Type": "Dance", "Parameters": {}}),
        json!({"Type": "Speak"}),
        json!(5),
    ];
    (prop::sample::select(known), prop::sample::select(vec!["", "LEG-A", "LEG-B"])).prop_map(
        |(mut action, tag)| {
            if !tag.is_empty() && action["Parameters"].is_object() && action["Type"] != "Hangup" {
                action["Parameters"]["ParticipantTag"] = json!(tag);
            }
            action
        },
    )
}

fn any_person() -> impl Strategy<Value = Person> {
    let pickup = prop::sample::select(vec![
        Pickup::After(MS(2000)),
        Pickup::After(MS(90_000)),
        Pickup::Never,
        Pickup::Busy,
        Pickup::Refuses,
    ]);
    let action = prop::sample::select(vec![
        PersonAction::Press("1".to_owned()),
        PersonAction::Press("12#".to_owned()),
        PersonAction::Talk(MS(1500)),
        PersonAction::Say("hello".to_owned()),
        PersonAction::HangUp,
        PersonAction::Nothing,
    ]);
    let trigger = prop::sample::select(vec![
        BehaviorTrigger::Next,
        BehaviorTrigger::Asked,
        BehaviorTrigger::Starts("RecordAudio".to_owned()),
        BehaviorTrigger::Starts("Speak".to_owned()),
    ]);
    let behavior = (trigger, 0_u64..4000, action).prop_map(|(trigger, after, action)| Behavior {
        trigger,
        after: MS(after),
        action,
    });
    (pickup, prop::collection::vec(behavior, 0..5))
        .prop_map(|(pickup, behavior)| Person { pickup, behavior })
}

fn any_reply() -> impl Strategy<Value = Reply> {
    let answer = prop_oneof![
        8 => prop::collection::vec(any_action(), 0..4).prop_map(|actions| Outcome::answer(answer(&json!(actions)))),
        4 => Just(Outcome::answer(json!({"SchemaVersion": "1.0"}))),
        1 => Just(Outcome::answer(json!([]))),
        1 => Just(Outcome::Failed("boom".to_owned())),
        1 => Just(Outcome::Silence),
    ];
    (answer, prop_oneof![9 => Just(0), 1 => 1_u64..9000]).prop_map(|(outcome, took)| Reply {
        outcome,
        took: MS(took),
        ..Reply::default()
    })
}

#[test]
fn every_call_comes_to_its_end() {
    let bools = prop::collection::vec(any::<bool>(), 12);
    let strategy = (
        any_person(),
        any_person(),
        prop::collection::vec(any_reply(), 1..25),
        any::<bool>(),
        bools,
    );
    let config =
        ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() };
    let run = |(one, other, replies, is_outbound, switches): (
        Person,
        Person,
        Vec<Reply>,
        bool,
        Vec<bool>,
    )| {
        let world = world(|world| {
            let readings = &mut world.readings;
            let fields = [
                &mut readings.pause_answers,
                &mut readings.empty_answer_hangs_up,
                &mut readings.speech_twins_report,
                &mut readings.empty_list_stops,
                &mut readings.only_last_reports,
                &mut readings.failover_before_retry,
                &mut readings.speak_is_interruptible,
                &mut readings.bridge_hangup_reports,
                &mut readings.second_leg_first,
                &mut readings.bridge_rings,
                &mut readings.headers_to_pstn,
                &mut readings.other_codes,
            ];
            for (field, on) in fields.into_iter().zip(&switches) {
                *field = *on;
            }
            if switches[0] && switches[1] {
                readings.when_leg_leaves = WhenLegLeaves::Quietly;
            }
            world.faults.twice = switches[2] && switches[3];
        });
        let mut call = match is_outbound {
            true => PlayedCall::outbound(
                world,
                OutboundCall { callees: Callees::all(other), ..outbound(one) },
            ),
            false => PlayedCall::inbound(
                world,
                InboundCall { callees: Callees::all(other), ..inbound(one) },
            ),
        };
        let mut count = 0;
        let mut updates = 0;
        loop {
            count += 1;
            prop_assert!(count < 50_000, "the call goes on for ever");
            let more = step(&mut call, &mut |_: &Invocation| {
                let reply = replies.get(count % replies.len()).cloned();
                reply.unwrap_or_default()
            });
            if count % 7 == 0 && updates < 3 {
                updates += u32::from(call.update(Map::new()));
            }
            if !more {
                break;
            }
        }
        prop_assert!(!call.is_up(), "somebody is left on the line");
        let entries = &call.trace().entries;
        prop_assert!(
            entries.windows(2).all(|pair| pair[0].at <= pair[1].at),
            "time went backwards"
        );
        let connects = entries
            .iter()
            .filter(|entry| matches!(entry.happened, Happened::Connects { leg: Tag::B }))
            .count();
        let ends = entries
            .iter()
            .filter(|entry| matches!(entry.happened, Happened::Ends { leg: Tag::B, .. }))
            .count();
        prop_assert!(connects <= ends, "a second leg that was connected never ended");
        Ok(())
    };
    TestRunner::new(config).run(&strategy, run).unwrap();
}

/// What a function says to an event, whenever it is asked.
fn reply_to(event: &Value, replies: &[Reply]) -> Reply {
    let number = event["Sequence"].as_u64().and_then(|number| usize::try_from(number).ok());
    number.and_then(|number| replies.get(number % replies.len())).cloned().unwrap_or_default()
}

#[test]
fn a_call_that_is_kept_and_restored_goes_on_as_it_would_have() {
    let strategy = (
        any_person(),
        any_person(),
        prop::collection::vec(any_reply(), 1..15),
        any::<bool>(),
        0_usize..60,
    );
    let config =
        ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() };
    let run =
        |(one, other, replies, is_outbound, cut): (Person, Person, Vec<Reply>, bool, usize)| {
            let begin = || match is_outbound {
                true => PlayedCall::outbound(
                    usual(),
                    OutboundCall { callees: Callees::all(other.clone()), ..outbound(one.clone()) },
                ),
                false => PlayedCall::inbound(
                    usual(),
                    InboundCall { callees: Callees::all(other.clone()), ..inbound(one.clone()) },
                ),
            };
            let mut target = |invocation: &Invocation| reply_to(&invocation.event, &replies);
            let mut whole = begin();
            play(&mut whole, &mut target);
            let mut call = begin();
            for _ in 0..cut {
                if !step(&mut call, &mut target) {
                    break;
                }
            }
            // An event that the function has not got yet would come again after 5 s.
            while let Next::Invoke(invocation) = call.go_on() {
                call.reply(invocation.attempt, target(&invocation));
            }
            let text = json!({
                "service": call.exchange().service(),
                "start": call.exchange().start(),
                "inputs": call.exchange().inputs(),
                "scene": call.scene(),
            })
            .to_string();
            let mut kept: Value = serde_json::from_str(&text).unwrap();
            let mut restored = PlayedCall::restore(
                usual(),
                serde_json::from_value(kept["service"].take()).unwrap(),
                serde_json::from_value(kept["start"].take()).unwrap(),
                serde_json::from_value::<Vec<Stamped>>(kept["inputs"].take()).unwrap(),
                serde_json::from_value(kept["scene"].take()).unwrap(),
            );
            play(&mut restored, &mut target);
            prop_assert_eq!(restored.trace(), whole.trace());
            Ok(())
        };
    TestRunner::new(config).run(&strategy, run).unwrap();
}
