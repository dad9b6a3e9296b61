//! Releases under aliases, over sources that fail and hang: whoever is sent elsewhere, nobody else waits.

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
async fn a_draft_that_is_loaded_before_the_first_call_costs_it_nothing() {
    let draft = Stage::new(&says("draft"), &[(10, true)]);
    let host = host(&stage_with_draft(&draft), 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    assert_eq!(from(&host, "a", "draft").await, ("draft".to_owned(), 0));
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
    assert_eq!(from(&host, "b", "draft").await, ("live".to_owned(), 2500));
    assert_eq!(from(&host, "c", "draft").await, ("live".to_owned(), 0));
    assert_eq!(from(&host, "d", "else").await, ("live".to_owned(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_on_a_draft_that_is_gone_goes_on_with_the_same_script_of_the_live_release() {
    let draft = Stage::new(&says("draft"), &[(10, false)]);
    let host = host(&stage_with_draft(&draft), 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    for kept in [r#"{"script":"main","alias":"draft"}"#, r#"{"script":"main","alias":"../up"}"#, r#"{"script":"gone"}"#]
    {
        let next = json!({
            "InvocationEventType": "DIGITS_RECEIVED",
            "CallDetails": {"TransactionId": kept, "TransactionAttributes": {"_mr": kept}},
        });
        assert_eq!(heard(&answer(&host, &next).await), "live");
    }
}
