//! Section H: attributes.

use super::*;

/// What is stored when a call's second answer gives these attributes to one that has `a` and `b`.
fn stored(world: Arc<World>, second: Value) -> Played {
    played(PlayedCall::inbound(world, inbound(leaves_after(30))), move |event| {
        match name(event).as_str() {
            "NEW_INBOUND_CALL" => Some(
                json!({"SchemaVersion": "1.0", "Actions": [pause(10)], "TransactionAttributes": {"a": "1", "b": "2"}}),
            ),
            "ACTION_SUCCESSFUL Pause" => {
                let mut answer = json!({"SchemaVersion": "1.0"});
                if second != json!("absent") {
                    answer["TransactionAttributes"] = second.clone();
                }
                Some(answer)
            }
            _ => None,
        }
    })
}

fn kept(call: &Played) -> Value {
    call.event("HANGUP")["CallDetails"]
        .get("TransactionAttributes")
        .cloned()
        .unwrap_or(json!("none"))
}

#[test]
fn rule_49_to_51_attributes_are_kept_replaced_added_to_or_cleared() {
    let adding = || reading(|readings| readings.attributes_add = true);
    for (world, second, expected) in [
        (usual(), json!("absent"), json!({"a": "1", "b": "2"})),
        (usual(), json!(null), json!({"a": "1", "b": "2"})),
        (usual(), json!({"c": "3"}), json!({"c": "3"})),
        (adding(), json!({"c": "3", "a": "9"}), json!({"a": "9", "b": "2", "c": "3"})),
        (usual(), json!({}), json!("none")),
        (adding(), json!({}), json!("none")),
    ] {
        assert_eq!(kept(&stored(world, second.clone())), expected, "{second}");
    }
}

#[test]
fn rule_52_and_53_too_many_too_long_or_no_texts_are_refused_and_nothing_is_stored() {
    let many = |count: usize| {
        (0..count).map(|number| (number.to_string(), json!("x"))).collect::<Map<_, _>>()
    };
    let generous =
        reading(|readings| (readings.attributes, readings.attribute_chars) = (100, 2048));
    assert_eq!(stored(usual(), Value::Object(many(10))).events()[2], "HANGUP Hangup");
    assert_eq!(stored(generous.clone(), Value::Object(many(100))).events()[2], "HANGUP Hangup");
    assert_eq!(stored(generous, json!({"t": "x".repeat(2048)})).events()[2], "HANGUP Hangup");
    for (wrong, error_type) in [
        (Value::Object(many(11)), "TransactionAttributesInvalidMapSize"),
        (json!({"t": "x".repeat(1025)}), "TransactionAttributesInvalidLength"),
        (json!({"x".repeat(1025): "t"}), "TransactionAttributesInvalidLength"),
        (json!({"t": 5}), "TransactionAttributesInvalidType"),
    ] {
        let call = stored(usual(), wrong);
        let event = call.event("INVALID_LAMBDA_RESPONSE");
        assert_eq!(event["ErrorType"], error_type);
        assert_eq!(event["CallDetails"]["TransactionAttributes"], json!({"a": "1", "b": "2"}));
    }
    let message =
        &stored(usual(), Value::Object(many(11))).event("INVALID_LAMBDA_RESPONSE")["ErrorMessage"];
    assert_eq!(
        message,
        "Transaction Attributes has too many mappings. Maximum number of mappings is 10"
    );
}
