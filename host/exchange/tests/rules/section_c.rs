//! Section C: an outbound call.

use super::*;

fn dialled(world: Arc<World>, call: OutboundCall) -> Played {
    played(PlayedCall::outbound(world, call), |event| {
        at(event, "CALL_ANSWERED", &json!([speak("Hello"), hangup()]))
    })
}

#[test]
fn rule_12_and_13_the_events_of_a_call_that_is_answered_are_counted() {
    let call = dialled(usual(), outbound(Person::who(Pickup::After(MS(4000)))));
    assert_eq!(call.events(), ["NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED", "HANGUP Hangup"]);
    let counted: Vec<_> =
        call.trace.events().map(|event| event["Sequence"].as_u64().unwrap()).collect();
    assert_eq!(counted, [1, 2, 3, 4]);
    assert_eq!(call.sent_at("CALL_ANSWERED") - call.sent_at("RINGING"), 4000);
    let status =
        |event: &str| call.event(event)["CallDetails"]["Participants"][0]["Status"].clone();
    assert_eq!((status("RINGING"), status("CALL_ANSWERED")), (Value::Null, json!("Connected")));
}

#[test]
fn rule_14_arguments_come_with_the_first_event_alone() {
    let arguments = Map::from_iter([("room".to_owned(), json!("blue"))]);
    let call = dialled(usual(), OutboundCall { arguments, ..outbound(Person::quiet()) });
    assert_eq!(
        call.event("NEW_OUTBOUND_CALL")["ActionData"]["Parameters"]["Arguments"],
        json!({"room": "blue"})
    );
    assert!(call.event("CALL_ANSWERED").get("ActionData").is_none());
    let plain = dialled(usual(), outbound(Person::quiet()));
    assert!(plain.event("NEW_OUTBOUND_CALL").get("ActionData").is_none());
}

#[test]
fn rule_15_before_the_answer_actions_count_for_nothing_and_attributes_do() {
    let call = played(
        PlayedCall::outbound(usual(), outbound(Person::quiet())),
        |event| match name(event).as_str() {
            "NEW_OUTBOUND_CALL" => Some(
                json!({"SchemaVersion": "1.0", "Actions": [hangup()], "TransactionAttributes": {"a": "1"}}),
            ),
            "RINGING" => Some(answer(&json!([speak("Nobody hears this"), hangup()]))),
            "CALL_ANSWERED" => Some(answer(&json!([hangup()]))),
            _ => None,
        },
    );
    assert!(call.heard().is_empty());
    assert_eq!(
        call.event("CALL_ANSWERED")["CallDetails"]["TransactionAttributes"],
        json!({"a": "1"})
    );
}

#[test]
fn rule_16_nobody_answers_or_the_line_is_busy() {
    for (pickup, code, events) in [
        (Pickup::Never, 480, &["NEW_OUTBOUND_CALL", "RINGING", "HANGUP Hangup"][..]),
        (Pickup::After(MS(90_000)), 480, &["NEW_OUTBOUND_CALL", "RINGING", "HANGUP Hangup"]),
        (Pickup::Busy, 486, &["NEW_OUTBOUND_CALL", "HANGUP Hangup"]),
        (Pickup::Refuses, 486, &["NEW_OUTBOUND_CALL", "RINGING", "HANGUP Hangup"]),
    ] {
        let call = dialled(usual(), outbound(Person::who(pickup)));
        assert_eq!(call.events(), events, "{pickup:?}");
        assert_eq!(call.event("HANGUP")["ActionData"]["Parameters"]["SipResponseCode"], code);
        assert_eq!(
            call.event("HANGUP")["CallDetails"]["Participants"][0]["Status"],
            "Disconnected"
        );
    }
}

#[test]
fn rule_17_outbound_events_have_no_rule() {
    let call = dialled(usual(), outbound(Person::quiet()));
    assert!(call.trace.events().all(|event| event["CallDetails"].get("SipRuleId").is_none()));
    let inbound = opened(usual(), Person::quiet(), json!([hangup()]));
    assert!(inbound.trace.events().all(|event| event["CallDetails"]["SipRuleId"] == "rule"));
}
