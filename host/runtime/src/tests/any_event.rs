//! Whatever comes is answered in form.

use proptest::strategy::ValueTree as _;

use super::*;

/// Parts of events, right and wrong, put together anyhow.
fn any_event() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let junk = || {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
            Just(json!([])),
            Just(json!({}))
        ]
    };
    let names = [
        "NEW_INBOUND_CALL",
        "HANGUP",
        "RINGING",
        "ACTION_FAILED",
        "INVALID_LAMBDA_RESPONSE",
        "DIGITS_RECEIVED",
        "NEW_THING",
    ];
    let name = prop_oneof![10 => prop::sample::select(names.to_vec()).prop_map(Value::from), 1 => junk()];
    let text = |texts: &'static [&'static str]| prop_oneof![10 => prop::sample::select(texts.to_vec()).prop_map(Value::from), 2 => junk()];
    let leg =
        (text(&["a", "b", ""]), text(&["LEG-A", "LEG-B", "Leg-A"]), text(&["Connected", "Disconnected", "Ringing"]))
            .prop_map(|(id, tag, status)| json!({"CallId": id, "ParticipantTag": tag, "Status": status}));
    let legs = prop_oneof![10 => prop::collection::vec(leg, 0..4).prop_map(Value::from), 1 => junk()];
    let attributes = prop_oneof![3 => Just(json!({"pin": "12345"})), 2 => junk()];
    (name, legs, attributes, text(&["call-1", "call-2"]), junk(), text(&["1.0", "2.0"])).prop_map(
        |(name, legs, attributes, id, action, version)| {
            json!({
                "SchemaVersion": version, "InvocationEventType": name, "ActionData": action,
                "CallDetails": {"TransactionId": id, "Participants": legs, "TransactionAttributes": attributes},
            })
        },
    )
}

#[test]
fn whatever_comes_is_answered_in_form() {
    use proptest::prelude::*;
    // Scripts of all kinds, by what the call is called: one that answers, one that fails, one that returns nonsense.
    let script = "return { default = function(event, call)
      call.attributes.seen = (call.attributes.seen or '') .. 'x'
      if event.InvocationEventType == 'HANGUP' then error('no') end
      if event.InvocationEventType == 'RINGING' then return 5 end
      local leg = call.legs['LEG-B'] or call.legs['LEG-A']
      return { action.speak { text = 'hello ' .. tostring(call.from) }, action.hangup { call_id = leg and leg.id } }
    end }";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stage = Stage::new(script, &[(0, true)]);
        let host = host(&stage, 3600);
        assert!(host.prepare(Duration::from_secs(2)).await);
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(1500));
        let input = prop_oneof![
            20 => any_event().prop_map(|event| event.to_string().into_bytes()),
            1 => prop::collection::vec(any::<u8>(), 0..200),
        ];
        for _ in 0..1500 {
            let bytes = input.new_tree(&mut runner).unwrap().current();
            let answer = answer_bytes(&host, &bytes).await.answer;
            let shown = String::from_utf8_lossy(&bytes);
            let actions = answer.actions.as_deref().unwrap_or_default();
            assert!(
                actions.len() <= 10 && actions.iter().all(moonring_wire::Action::is_well_formed),
                "{shown}: {answer:?}"
            );
            let printed: Value = serde_json::from_slice(&answer.to_bytes()).unwrap();
            assert!(printed["SchemaVersion"].is_string(), "{shown}: {printed}");
        }
    });
}
