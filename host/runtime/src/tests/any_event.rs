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
    let name =
        prop_oneof![10 => prop::sample::select(names.to_vec()).prop_map(Value::from), 1 => junk()];
    let text = |texts: &'static [&'static str]| prop_oneof![10 => prop::sample::select(texts.to_vec()).prop_map(Value::from), 2 => junk()];
    let leg = (
        text(&["a", "b", ""]),
        text(&["LEG-A", "LEG-B", "Leg-A"]),
        text(&["Connected", "Disconnected", "Ringing"]),
    )
        .prop_map(
            |(id, tag, status)| json!({"CallId": id, "ParticipantTag": tag, "Status": status}),
        );
    let legs =
        prop_oneof![10 => prop::collection::vec(leg, 0..4).prop_map(Value::from), 1 => junk()];
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

/// What an event may bring of the host's own attributes: anything at all, and journals with
/// something changed.
fn any_attributes() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let recorded: Vec<String> =
        ["accept-declined", "transfer-nobody_answers", "become-to_support", "tones-no_recording"]
            .iter()
            .flat_map(|name| {
                let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join(format!("../../tests/journals/3/{name}.jsonl"));
                let text = std::fs::read_to_string(&path)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let journals = text.lines().filter_map(|line| {
                    let line: Value = serde_json::from_str(line).unwrap();
                    line["event"]["CallDetails"]["TransactionAttributes"]["_mr1"]
                        .as_str()
                        .map(str::to_owned)
                });
                journals.collect::<Vec<_>>()
            })
            .collect();
    assert!(recorded.len() > 10);
    let journal =
        (prop::sample::select(recorded), any::<prop::sample::Index>(), ".{0,3}", any::<bool>());
    let journal = journal.prop_map(|(journal, at, other, cuts)| {
        let at =
            journal.char_indices().nth(at.index(journal.chars().count())).map_or(0, |(at, _)| at);
        if cuts {
            journal[..at].to_owned()
        } else {
            format!("{}{other}{}", &journal[..at], &journal[at..])
        }
    });
    let forged = prop_oneof![
        8 => journal,
        1 => "[!?;,]?[12@][A-Za-z0-9_|-]{0,60}",
        1 => Just(format!("@{}", "0".repeat(32))),
        1 => "\\PC{0,40}",
    ];
    let kept = prop_oneof![
        4 => Just(json!({"script": "main"}).to_string()),
        1 => Just(json!({"script": "main", "release": "0", "listed_at": u64::MAX, "alias": "x", "arguments": {"a": 5}, "lost": 1}).to_string()),
        1 => Just(json!({"script": "nobody", "list": "Speak,,RecordAudio"}).to_string()),
        1 => "\\PC{0,20}",
    ];
    let piece = prop::option::weighted(0.2, "\\PC{0,10}");
    (prop::option::of(kept), prop::option::weighted(0.9, forged), piece.clone(), piece).prop_map(
        |(kept, first, second, third)| {
            let pairs = [("_mr", kept), ("_mr1", first), ("_mr2", second), ("_mr3", third)];
            pairs
                .into_iter()
                .filter_map(|(name, text)| Some((name.to_owned(), Value::from(text?))))
                .collect::<serde_json::Map<_, _>>()
                .into()
        },
    )
}

#[test]
fn whatever_journal_a_flow_is_brought_it_answers_in_form() {
    use proptest::prelude::*;
    const SCRIPT: &str = "return function(call, state)
      call:on_hangup(function(why) log.info(why) end)
      call:say('Hello ' .. tostring(call.sip_headers['x-a']) .. tostring(call.arguments.a))
      local digits = call:ask { say = 'Keys?', max = 2 }
      if digits == '1' then call:bridge { to = '+12065550101' } end
      call:step('one', function() return { call.id } end)
      call:wait { say = 'Hold on.', timeout = 20 }
    end";
    let names = prop::sample::select(vec![
        "ACTION_SUCCESSFUL",
        "ACTION_FAILED",
        "HANGUP",
        "CALL_UPDATE_REQUESTED",
        "DIGITS_RECEIVED",
        "INVALID_LAMBDA_RESPONSE",
        "CALL_ANSWERED",
    ]);
    let actions = prop::sample::select(vec![
        "Speak",
        "SpeakAndGetDigits",
        "CallAndBridge",
        "Pause",
        "Hangup",
        "StopCallRecording",
    ]);
    let legs = prop::sample::select(vec![
        json!([{"CallId": "a", "ParticipantTag": "LEG-A", "Status": "Connected"}]),
        json!([{"CallId": "a", "ParticipantTag": "LEG-A", "Status": "Disconnected"}, {"CallId": "b", "ParticipantTag": "LEG-B", "Status": "Connected"}]),
        json!([{"CallId": "b", "ParticipantTag": "LEG-B", "Status": "Connected"}, {"CallId": "a", "ParticipantTag": "LEG-A", "Status": "Connected"}]),
        json!([]),
    ]);
    let draw = (names, actions, legs, any_attributes());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stage = Stage::new(SCRIPT, &[(0, true)]);
        let host = host(&stage, 3600);
        assert!(host.prepare(Duration::from_secs(2)).await);
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::default());
        let mut went_on = 0;
        for _ in 0..1500 {
            let (name, action, legs, attributes) = draw.new_tree(&mut runner).unwrap().current();
            let event = json!({
                "SchemaVersion": "1.0", "InvocationEventType": name, "Sequence": 2,
                "ActionData": {"Type": action, "Parameters": {"CallId": "a"}, "ReceivedDigits": "12"},
                "CallDetails": {"TransactionId": "call", "Participants": legs, "TransactionAttributes": attributes},
            });
            let outcome = answer(&host, &event).await;
            let actions = outcome.answer.actions.as_deref().unwrap_or_default();
            assert!(actions.len() <= 10 && actions.iter().all(moonring_wire::Action::is_well_formed), "{event}");
            assert!(!matches!(outcome.error, Some(Error::Panic(_))), "{event}: {:?}", outcome.error);
            let printed: Value = serde_json::from_slice(&outcome.answer.to_bytes()).unwrap();
            let kept = printed["TransactionAttributes"].as_object().cloned().unwrap_or_default();
            assert!(
                kept.values().all(|text| text.as_str().is_some_and(|text| text.chars().count() <= 1024)),
                "{event}"
            );
            went_on += usize::from(outcome.error.is_none() && !actions.is_empty());
        }
        assert!(went_on > 50, "only {went_on} went on");
    });
}

#[test]
fn whatever_comes_is_answered_in_form() {
    use proptest::prelude::*;
    // Scripts of all kinds, by what the call is called: one that answers, one that fails, one that
    // returns nonsense.
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
