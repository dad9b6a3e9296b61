//! Releases under aliases, over sources that fail and hang: only calls that are led there wait.

use super::*;

/// A live release that sends the callers `draft` to a release of that name.
fn stage_with_draft(draft: &Arc<Stage>) -> Arc<Stage> {
    let stage = Stage::new(&says("live"), &[(10, true)]);
    stage.aliases.lock().unwrap().insert("draft".to_owned(), Arc::clone(draft));
    stage
}

/// What a new call from somebody hears, and how long it takes.
async fn from(host: &Host, call: &str, from: &str) -> (String, u128) {
    let event = json!({
        "SchemaVersion": "1.0", "InvocationEventType": "NEW_INBOUND_CALL",
        "CallDetails": {"TransactionId": call, "Participants": [{"CallId": "leg", "ParticipantTag": "LEG-A", "From": from}]},
    });
    let before = tokio::time::Instant::now();
    let heard = heard(&answer(host, &event).await);
    (heard, before.elapsed().as_millis())
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_begun_to_be_loaded_at_the_start_and_costs_only_its_own_callers_anything() {
    let draft = Stage::new(&says("draft"), &[(10, true)]);
    let host = host(&stage_with_draft(&draft), 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    // It was begun before, and takes its two listings still.
    assert_eq!(from(&host, "a", "draft").await, ("draft".to_owned(), 20));
    assert_eq!(from(&host, "c", "draft").await, ("draft".to_owned(), 0));
    assert_eq!(from(&host, "b", "else").await, ("live".to_owned(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_draft_out_of_reach_holds_one_of_its_own_callers_and_nobody_else() {
    let draft = Stage::new(&says("draft"), &[(60_000, false)]);
    let host = host(&stage_with_draft(&draft), 3600);
    assert!(host.prepare(Duration::from_secs(2)).await, "the live release is there");
    // The look of the start is under way still; what it holds is the next call of the draft's.
    freeze(3600).await;
    assert_eq!(from(&host, "a", "else").await.0, "live");
    assert_eq!(from(&host, "b", "draft").await, ("live".to_owned(), 1000));
    assert_eq!(from(&host, "c", "draft").await, ("live".to_owned(), 150));
    assert_eq!(from(&host, "d", "else").await, ("live".to_owned(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_on_a_draft_that_is_gone_goes_on_with_the_same_script_of_the_live_release() {
    let draft = Stage::new(&says("draft"), &[(10, false)]);
    let host = host(&stage_with_draft(&draft), 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    let strayed = json!({
        "InvocationEventType": "DIGITS_RECEIVED",
        "CallDetails": {"TransactionId": "x", "TransactionAttributes": {"_mr": r#"{"script":"main","alias":"draft"}"#}},
    });
    let attributes = answer(&host, &strayed).await.answer.transaction_attributes;
    assert_eq!(attributes, None, "the call still belongs to the draft");
    for kept in [
        r#"{"script":"main","alias":"draft"}"#,
        r#"{"script":"main","alias":"../up"}"#,
        r#"{"script":"gone"}"#,
    ] {
        let next = json!({
            "InvocationEventType": "DIGITS_RECEIVED",
            "CallDetails": {"TransactionId": kept, "TransactionAttributes": {"_mr": kept}},
        });
        assert_eq!(heard(&answer(&host, &next).await), "live");
    }
}

#[tokio::test(start_paused = true)]
async fn two_releases_out_of_reach_hold_a_call_no_longer_than_one() {
    let stage = stage_with_draft(&Stage::new(&says("draft"), &[(60_000, false)]));
    stage
        .aliases
        .lock()
        .unwrap()
        .insert("drafu".to_owned(), Stage::new(&says("other"), &[(60_000, false)]));
    *stage.routes.lock().unwrap() = Some(
        "return { { release = 'draft' }, { release = 'drafu' }, default = 'main' }".to_owned(),
    );
    let host = host(&stage, 0);
    assert!(host.prepare(Duration::from_secs(2)).await);
    let (heard, took) = from(&host, "a", "anybody").await;
    assert!(heard == "live" && (1000..=1200).contains(&took), "{heard} {took}");
    let (heard, took) = from(&host, "b", "anybody").await;
    assert!(heard == "live" && took <= 200, "{heard} {took}");
}

#[tokio::test(start_paused = true)]
async fn a_first_event_that_fails_keeps_its_script_and_its_arguments() {
    let stage =
        Stage::new("return { new_outbound_call = function() error('no') end }", &[(10, true)]);
    let host = host(&stage, 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    let event = json!({
        "InvocationEventType": "NEW_OUTBOUND_CALL", "ActionData": {"Parameters": {"Arguments": {"room": "5"}}},
        "CallDetails": {"TransactionId": "a", "Participants": [{"CallId": "leg"}]},
    });
    let outcome = answer(&host, &event).await;
    assert!(outcome.error.is_some());
    let kept = outcome.answer.transaction_attributes.unwrap()["_mr"].as_str().unwrap().to_owned();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    assert_eq!((&kept["script"], &kept["arguments"]), (&json!("main"), &json!({"room": "5"})));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_all_its_attributes_keeps_them_and_goes_on() {
    let script = "return { default = function(event, call)
      if event.Sequence == 2 then call.attributes = event.CallDetails.TransactionAttributes end
      if event.Sequence == 3 then call.attributes = { new = 'x' } end
      return action.speak { text = 'fine' } end }";
    let stage = Stage::new(script, &[(10, true)]);
    let host = host(&stage, 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    let ten: serde_json::Map<_, _> =
        (0..10).map(|number| (number.to_string(), json!("x"))).collect();
    for (sequence, attributes, count) in [
        (1, ten.clone(), None),
        (2, ten, None),
        (
            2,
            serde_json::Map::from_iter([
                ("_mr".to_owned(), json!("{}")),
                ("a".to_owned(), json!("1")),
            ]),
            Some(2),
        ),
        (3, serde_json::Map::new(), Some(2)),
    ] {
        let event = json!({
            "InvocationEventType": "DIGITS_RECEIVED", "Sequence": sequence,
            "CallDetails": {"TransactionId": "a", "TransactionAttributes": attributes},
        });
        let outcome = answer(&host, &event).await;
        assert_eq!(heard(&outcome), "fine", "{:?}", outcome.error);
        assert_eq!(outcome.answer.transaction_attributes.map(|attributes| attributes.len()), count);
    }
}

#[tokio::test(start_paused = true)]
async fn each_route_has_its_own_fallback_to_the_end_of_the_call_and_a_call_that_of_its_release() {
    let stage = Stage::new("return { default = function() error('no') end }", &[(10, true)]);
    let routes = |word: &str| {
        Some(format!(
            "return {{ {{ from = 'one', script = 'main', fallback = {{ say = 'one{word}' }} }},
              {{ from = 'two', script = 'main', fallback = {{ say = 'two{word}' }} }}, default = 'main', fallback = {{ say = 'rest{word}' }} }}"
        ))
    };
    *stage.routes.lock().unwrap() = routes("");
    let host = host(&stage, 0);
    assert!(host.prepare(Duration::from_secs(2)).await);
    let events = |kind: &str, from: &str, attributes: &Value| {
        json!({
            "InvocationEventType": kind,
            "CallDetails": {"TransactionId": from, "TransactionAttributes": attributes, "Participants": [{"CallId": "leg", "From": from}]},
        })
    };
    let mut kept = std::collections::BTreeMap::new();
    for who in ["one", "two", "three"] {
        let outcome = answer(&host, &events("NEW_INBOUND_CALL", who, &json!(null))).await;
        kept.insert(who, json!(outcome.answer.transaction_attributes));
    }
    *stage.routes.lock().unwrap() = routes(" anew");
    assert_eq!(
        heard(&answer(&host, &events("NEW_INBOUND_CALL", "four", &json!(null))).await),
        "rest anew"
    );
    for (who, expected) in [("one", "one"), ("two", "two"), ("three", "rest")] {
        assert_eq!(
            heard(&answer(&host, &events("ACTION_FAILED", who, &kept[who])).await),
            expected
        );
    }
}
