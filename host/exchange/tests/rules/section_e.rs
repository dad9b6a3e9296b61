//! Section E: timeouts, retries, limits of invocation.

use super::*;

fn with_fault(number: u32, outcome: Outcome, after: Duration) -> Arc<World> {
    world(|world| drop(world.faults.invocations.insert(number, FaultyReply { outcome, after })))
}

/// How often the function was invoked with the first event.
fn attempts(call: &Played) -> Vec<u128> {
    let invoked = call
        .trace
        .entries
        .iter()
        .filter(|entry| matches!(&entry.happened, Happened::Invoked { event, .. } if event["Sequence"] == 1));
    invoked.map(|entry| entry.at.as_millis()).collect()
}

#[test]
fn rule_29_after_5_s_the_service_invokes_again_and_the_first_answer_counts() {
    let late = with_fault(1, Outcome::answer(answer(&json!([speak("late"), hangup()]))), MS(6000));
    let call = opened(late, Person::quiet(), json!([speak("second"), hangup()]));
    assert_eq!(attempts(&call), [0, 5000]);
    assert_eq!(call.heard(), ["second"], "the second attempt answered at once");
    let quick = opened(
        with_fault(1, Outcome::answer(answer(&json!([hangup()]))), MS(4900)),
        Person::quiet(),
        json!([]),
    );
    assert_eq!(attempts(&quick), [0]);
}

#[test]
fn rule_30_after_20_s_without_an_answer_it_hangs_up() {
    let mut call = PlayedCall::inbound(usual(), inbound(Person::quiet()));
    play(&mut call, &mut |_: &Invocation| Reply { outcome: Outcome::Silence, ..Reply::default() });
    let call = Played { trace: call.trace().clone(), call };
    assert_eq!(attempts(&call), [0, 5000, 10_000, 15_000]);
    assert!(call.has_log("AWS Lambda client operation timed out."));
    assert_eq!(call.trace.entries.last().unwrap().at, MS(20_000));
    assert!(!call.call.is_up());
}

#[test]
fn rule_31_a_failure_is_tried_once_more_before_or_after_the_next_application() {
    for (failover_first, expected) in
        [(false, &["sma-0", "sma-0", "sma-1"][..]), (true, &["sma-0", "sma-1"])]
    {
        let world = reading(|readings| readings.failover_before_retry = failover_first);
        let applications = vec![application(0), application(1)];
        let mut call =
            PlayedCall::inbound(world, InboundCall { applications, ..inbound(Person::quiet()) });
        let mut asked = Vec::new();
        play(&mut call, &mut |invocation: &Invocation| {
            asked.push(invocation.application.id.clone());
            let outcome = if invocation.application.id == "sma-0" {
                Outcome::Throttled
            } else {
                Outcome::answer(answer(&json!([hangup()])))
            };
            Reply { outcome, ..Reply::default() }
        });
        assert_eq!(asked[..expected.len()], *expected);
    }
    // Later in a call there is one more try, and then the end.
    let mut tries = 0;
    let mut call = PlayedCall::inbound(usual(), inbound(Person::quiet()));
    play(&mut call, &mut |invocation: &Invocation| {
        let is_new = name(&invocation.event) == "NEW_INBOUND_CALL";
        tries += u32::from(!is_new);
        let outcome = if is_new {
            Outcome::answer(answer(&json!([pause(10)])))
        } else {
            Outcome::Failed("boom".to_owned())
        };
        Reply { outcome, ..Reply::default() }
    });
    assert_eq!(tries, 2);
    assert_eq!(
        call.trace().entries.last().unwrap().happened,
        Happened::Ends { leg: Tag::A, code: 480 }
    );
}

#[test]
fn rule_32_a_call_has_a_thousand_invocations_at_most() {
    let call = played(PlayedCall::inbound(usual(), inbound(Person::quiet())), |_| {
        Some(answer(&json!([pause(1)])))
    });
    assert_eq!(call.trace.events().count(), 1000);
    assert!(!call.call.is_up());
}

#[test]
fn invocations_of_one_call_never_overlap() {
    // The caller presses keys and leaves while the function is busy; what happens meanwhile is told
    // afterwards.
    let slow = with_fault(2, Outcome::answer(answer(&json!([]))), MS(3000));
    let caller = Person::doing([Behavior::hang_up_after(MS(2000))]);
    let call = opened(slow, caller, json!([pause(500)]));
    assert_eq!(call.events(), ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL Pause", "HANGUP Hangup"]);
    assert_eq!(call.sent_at("HANGUP"), 3500);
}

#[test]
fn an_event_that_is_delivered_twice_is_answered_once() {
    let world = world(|world| world.faults.twice = true);
    let mut asked = Vec::new();
    let call = played(PlayedCall::inbound(world, inbound(Person::quiet())), |event| {
        asked.push(name(event));
        at(event, "NEW_INBOUND_CALL", &json!([speak("once"), hangup()]))
    });
    assert_eq!(asked, ["NEW_INBOUND_CALL", "NEW_INBOUND_CALL", "HANGUP Hangup", "HANGUP Hangup"]);
    assert_eq!(call.heard(), ["once"]);
}
