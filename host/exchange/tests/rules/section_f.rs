//! Section F: an update of a call in progress.

use super::*;

/// A call whose first list runs when an update comes, which is answered with another list.
fn updated(world: Arc<World>, first: Value, at_ms: u64) -> Played {
    let mut call = PlayedCall::inbound(world, inbound(leaves_after(30)));
    let mut is_updated = false;
    loop {
        match call.go_on() {
            Next::Invoke(invocation) => {
                let answer = match name(&invocation.event).as_str() {
                    "NEW_INBOUND_CALL" => answer(&first),
                    "CALL_UPDATE_REQUESTED CallUpdateRequest" => {
                        answer(&json!([play_audio("new.wav")]))
                    }
                    "ACTION_INTERRUPTED Speak" | "ACTION_INTERRUPTED PlayAudio" => {
                        answer(&json!([play_audio("ignored.wav")]))
                    }
                    _ => json!({"SchemaVersion": "1.0"}),
                };
                call.reply(
                    invocation.attempt,
                    Reply { outcome: Outcome::answer(answer), ..Reply::default() },
                );
            }
            Next::At(at) if at > MS(at_ms) && !is_updated => {
                is_updated = true;
                call.advance(MS(at_ms));
                assert!(call.update(Map::from_iter([("key".to_owned(), json!("value"))])));
            }
            Next::At(at) => call.advance(at),
            Next::Idle | Next::Over => return Played { trace: call.trace().clone(), call },
        }
    }
}

#[test]
fn rule_33_and_34_the_arguments_arrive_as_they_were_sent() {
    let call = updated(usual(), json!([pause(10_000)]), 1000);
    let event = call.event("CALL_UPDATE_REQUESTED");
    assert_eq!(
        event["ActionData"],
        json!({"Type": "CallUpdateRequest", "Parameters": {"Arguments": {"key": "value"}}})
    );
    let mut over = opened(usual(), Person::quiet(), json!([hangup()]));
    assert!(!over.call.update(Map::new()), "a call that is over cannot be updated");
}

#[test]
fn rule_35_to_37_what_can_be_stopped_is_stopped_and_what_cannot_finishes() {
    for (action, stops) in
        [(play_audio("a.wav"), true), (pause(5000), true), (record(), true), (ask(1), false)]
    {
        let call = updated(usual(), json!([action, play_audio("old.wav")]), 1000);
        let interrupted = format!("ACTION_INTERRUPTED {}", action["Type"].as_str().unwrap());
        assert_eq!(
            call.events().contains(&interrupted),
            stops,
            "{interrupted}: {:?}",
            call.events()
        );
        let heard = call.heard();
        assert!(heard.contains(&"s3://prompts/new.wav"), "{heard:?}");
        assert!(
            !heard.contains(&"s3://prompts/old.wav")
                && !heard.contains(&"s3://prompts/ignored.wav"),
            "{heard:?}"
        );
        let new_at = call.trace.entries.iter().find(
            |entry| matches!(&entry.happened, Happened::Hears { what, .. } if what.contains("new")),
        );
        assert_eq!(new_at.unwrap().at == MS(1000), stops);
    }
}

#[test]
fn rule_36_a_text_can_be_stopped_or_cannot() {
    for stops in [true, false] {
        let world = reading(|readings| readings.speak_is_interruptible = stops);
        let call = updated(
            world,
            json!([speak("A text that is long enough to be stopped in the middle of it.")]),
            1000,
        );
        assert_eq!(call.events().contains(&"ACTION_INTERRUPTED Speak".to_owned()), stops);
    }
}
