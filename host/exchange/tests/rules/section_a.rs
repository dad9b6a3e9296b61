//! Section A: routing an inbound call.

use super::*;

fn rule(targets: &[(&str, u32)]) -> SipRule {
    let targets = targets
        .iter()
        .map(|(id, priority)| RuleTarget { application: (*id).to_owned(), priority: *priority });
    let trigger = Trigger::ToPhoneNumber(CALLED.to_owned());
    SipRule { id: "r".to_owned(), trigger, is_enabled: true, targets: targets.collect() }
}

fn routing() -> Routing {
    let mut routing = Routing::default();
    for number in 0..3 {
        routing.add_application(Application::clone(&application(number)));
    }
    let twin = Application { id: "twin".to_owned(), ..Application::clone(&application(0)) };
    routing.add_application(twin);
    routing
}

#[test]
fn rule_01_a_rule_is_found_by_number_or_host_name() {
    let mut routing = routing();
    routing.add_rule(rule(&[("sma-0", 1)]), &Readings::default()).unwrap();
    let host = Trigger::RequestUriHostname("abc.voiceconnector.chime.aws".to_owned());
    let by_host = SipRule { id: "h".to_owned(), trigger: host.clone(), ..rule(&[("sma-1", 1)]) };
    routing.add_rule(by_host, &Readings::default()).unwrap();
    assert_eq!(routing.route(&Trigger::ToPhoneNumber(CALLED.to_owned())).unwrap().0, "r");
    assert_eq!(routing.route(&host).unwrap().0, "h");
    assert!(routing.route(&Trigger::ToPhoneNumber("+1".to_owned())).is_none());
}

#[test]
fn rule_02_targets_are_tried_by_priority_and_a_call_nobody_takes_is_hung_up() {
    let mut routing = routing();
    routing
        .add_rule(rule(&[("sma-2", 7), ("sma-0", 2), ("sma-1", 3)]), &Readings::default())
        .unwrap();
    let trigger = Trigger::ToPhoneNumber(CALLED.to_owned());
    let applications = routing.route(&trigger).unwrap().1;
    assert_eq!(
        applications.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(),
        ["sma-0", "sma-1", "sma-2"]
    );
    for targets in [&[][..], &[("sma-0", 1); 26][..]] {
        assert_eq!(
            routing.add_rule(rule(targets), &Readings::default()),
            Err(RoutingError::Targets(targets.len()))
        );
    }
    assert_eq!(
        routing.add_rule(rule(&[("sma-0", 0)]), &Readings::default()),
        Err(RoutingError::Priority)
    );

    let mut call =
        PlayedCall::inbound(usual(), InboundCall { applications, ..inbound(Person::quiet()) });
    let mut asked = Vec::new();
    play(&mut call, &mut |invocation: &Invocation| {
        asked.push(
            invocation.event["CallDetails"]["SipMediaApplicationId"].as_str().unwrap().to_owned(),
        );
        Reply { outcome: Outcome::Denied, ..Reply::default() }
    });
    assert_eq!(asked, ["sma-0", "sma-0", "sma-1", "sma-1", "sma-2", "sma-2"]);
    assert!(
        call.trace().entries.last().unwrap().happened == Happened::Ends { leg: Tag::A, code: 480 }
    );
}

#[test]
fn rule_03_each_target_is_in_another_region_unless_that_is_allowed() {
    let twins = rule(&[("sma-0", 1), ("twin", 2)]);
    let refused = Err(RoutingError::Region("us-east-1".to_owned()));
    assert_eq!(routing().add_rule(twins.clone(), &Readings::default()), refused);
    let allowing = Readings { one_region_twice: true, ..Readings::default() };
    assert_eq!(routing().add_rule(twins, &allowing), Ok(()));
}

#[test]
fn rule_05_a_rule_that_is_off_routes_nothing_and_only_such_a_rule_can_be_deleted() {
    let mut routing = routing();
    routing.add_rule(rule(&[("sma-0", 1)]), &Readings::default()).unwrap();
    assert_eq!(routing.delete_rule("r"), Err(RoutingError::Enabled("r".to_owned())));
    routing.enable("r", false).unwrap();
    assert!(routing.route(&Trigger::ToPhoneNumber(CALLED.to_owned())).is_none());
    routing.delete_rule("r").unwrap();
    assert_eq!(routing.delete_rule("r"), Err(RoutingError::UnknownRule("r".to_owned())));
}

#[test]
fn rule_06_a_function_that_may_not_be_called_is_logged_and_the_call_ends() {
    let mut call = PlayedCall::inbound(usual(), inbound(Person::quiet()));
    play(&mut call, &mut |_: &Invocation| Reply { outcome: Outcome::Denied, ..Reply::default() });
    let why = "Access denied while invoking the AWS Lambda function.".to_owned();
    assert!(
        call.trace()
            .entries
            .iter()
            .any(|entry| entry.happened == Happened::NotAnswered { why: why.clone() })
    );
    assert!(!call.is_up());
}

#[test]
fn rule_07_ids_stay_from_the_first_event_to_the_last() {
    let call = opened(usual(), Person::quiet(), json!([speak("Hello"), hangup()]));
    let ids: std::collections::BTreeSet<_> = call
        .trace
        .events()
        .map(|event| {
            (
                event["CallDetails"]["TransactionId"].to_string(),
                event["CallDetails"]["Participants"][0]["CallId"].to_string(),
            )
        })
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(call.events(), ["NEW_INBOUND_CALL", "HANGUP Hangup"]);
}
