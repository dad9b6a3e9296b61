//! The host over sources that fail, hang and freeze; time is virtual.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use moonring_store::{BoxFuture, Entry, FetchError, Listing, Source};
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};

use crate::*;

/// A source with one script, whose listings take their time and fail as a test says.
struct Stage {
    script: Mutex<String>,
    /// How long each listing takes, and whether it works; the last one stands for all that follow.
    listings: Vec<(Duration, bool)>,
    listed: AtomicUsize,
}

impl Stage {
    fn new(script: &str, listings: &[(u64, bool)]) -> Arc<Self> {
        let listings = listings.iter().map(|(ms, works)| (Duration::from_millis(*ms), *works)).collect();
        Arc::new(Self { script: Mutex::new(script.to_owned()), listings, listed: AtomicUsize::new(0) })
    }

    fn put(&self, script: &str) {
        *self.script.lock().unwrap() = script.to_owned();
    }

    fn listed(&self) -> usize {
        self.listed.load(Ordering::SeqCst)
    }
}

impl Source for Stage {
    fn list(&self) -> BoxFuture<'_, Result<Listing, FetchError>> {
        Box::pin(async {
            let number = self.listed.fetch_add(1, Ordering::SeqCst).min(self.listings.len() - 1);
            let (takes, works) = self.listings[number];
            tokio::time::sleep(takes).await;
            if !works {
                return Err(FetchError::Unavailable("the stage is dark".to_owned()));
            }
            let script = self.script.lock().unwrap();
            let entry = Entry {
                name: "main.lua".to_owned(),
                version: script.clone(),
                bytes: script.len() as u64,
                modified: None,
            };
            Ok(Listing { entries: vec![entry], at: None })
        })
    }

    fn fetch<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Ok(entry.version.clone().into_bytes()) })
    }

    fn location(&self) -> String {
        "stage".to_owned()
    }
}

struct Silence;

impl LastWords for Silence {
    fn speak(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    fn end(self: Box<Self>) {}
}

fn host(source: &Arc<Stage>, refresh: u64) -> Host {
    let settings = Settings { refresh: Duration::from_secs(refresh), ..Settings::default() };
    let source: Arc<dyn Source> = source.clone();
    Host::new(settings, source, None, Box::new(NoServices)).unwrap()
}

fn says(text: &str) -> String {
    format!("return {{ default = function() return action.speak {{ text = {text:?} }} end }}")
}

/// What a new call hears.
async fn hears(host: &Host, call: &str) -> String {
    let event = json!({
        "SchemaVersion": "1.0", "InvocationEventType": "NEW_INBOUND_CALL",
        "CallDetails": {"TransactionId": call, "Participants": [{"CallId": "leg", "ParticipantTag": "LEG-A"}]},
    });
    heard(&answer(host, &event).await)
}

async fn answer(host: &Host, event: &Value) -> Outcome {
    let at = Instant::now();
    let arrival = Arrival { at, hard: HardDeadline::new(at, None, None), last_words: Box::new(Silence) };
    host.answer(event.to_string().as_bytes(), arrival).await
}

fn heard(outcome: &Outcome) -> String {
    let answer = serde_json::to_value(&outcome.answer).unwrap();
    answer["Actions"][0]["Parameters"]["Text"].as_str().unwrap_or("nothing").to_owned()
}

/// The function is frozen and thawed: time passes, nothing runs.
async fn freeze(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn a_look_that_failed_in_a_frozen_host_does_not_speak_for_the_next_event() {
    let stage = Stage::new(&says("hello"), &[(3000, false), (100, true)]);
    let host = host(&stage, 5);
    assert!(!host.prepare(Duration::from_secs(2)).await);
    freeze(3600).await;
    assert_eq!(hears(&host, "a").await, "hello");
}

#[tokio::test(start_paused = true)]
async fn a_look_from_before_the_freeze_is_not_taken_for_a_new_one() {
    // The look of call a takes too long for it, and is still under way when the host is frozen.
    let stage = Stage::new(&says("one"), &[(10, true), (10, true), (400, true), (10, true)]);
    let host = host(&stage, 5);
    assert!(host.prepare(Duration::from_secs(2)).await);
    freeze(10).await;
    assert_eq!(hears(&host, "a").await, "one");
    freeze(3600).await;
    stage.put(&says("two"));
    assert_eq!(hears(&host, "b").await, "two");
}

#[tokio::test(start_paused = true)]
async fn a_look_holds_a_call_for_150_ms_and_its_finding_counts_from_the_next_event_on() {
    let stage = Stage::new(&says("one"), &[(10, true), (10, true), (400, true), (10, true)]);
    let host = host(&stage, 0);
    assert!(host.prepare(Duration::from_secs(2)).await);
    stage.put(&says("two"));
    let before = tokio::time::Instant::now();
    assert_eq!(hears(&host, "a").await, "one");
    assert_eq!(before.elapsed().as_millis(), 150);
    tokio::time::sleep(Duration::from_secs(1)).await;
    // An event inside a call takes the finding in, looks at nothing, and keeps its own release.
    let listed = stage.listed();
    let inside = json!({"InvocationEventType": "DIGITS_RECEIVED", "CallDetails": {"TransactionId": "a"}});
    assert_eq!(heard(&answer(&host, &inside).await), "one");
    assert_eq!(stage.listed(), listed);
    let unknown = json!({"InvocationEventType": "DIGITS_RECEIVED", "CallDetails": {"TransactionId": "b"}});
    assert_eq!(heard(&answer(&host, &unknown).await), "two");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_slow_for_good_is_still_followed() {
    let stage = Stage::new(&says("one"), &[(10, true), (10, true), (200, true)]);
    let host = host(&stage, 0);
    assert!(host.prepare(Duration::from_secs(2)).await);
    stage.put(&says("two"));
    for call in 0..10 {
        hears(&host, &format!("call-{call}")).await;
    }
    assert_eq!(hears(&host, "last").await, "two");
}

#[tokio::test(start_paused = true)]
async fn without_any_release_an_event_waits_for_one_look_and_no_more() {
    let stage = Stage::new(&says("hello"), &[(10, false)]);
    let host = host(&stage, 5);
    assert!(!host.prepare(Duration::from_secs(2)).await);
    assert_eq!(hears(&host, "a").await, APOLOGY);
    assert_eq!(stage.listed(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_without_an_id_gets_the_newest_release() {
    let stage = Stage::new(&says("one"), &[(10, true)]);
    let host = host(&stage, 0);
    assert!(host.prepare(Duration::from_secs(2)).await);
    let nameless = json!({"InvocationEventType": "DIGITS_RECEIVED", "CallDetails": {}});
    assert_eq!(heard(&answer(&host, &nameless).await), "one");
    stage.put(&says("two"));
    assert_eq!(hears(&host, "a").await, "two");
    assert_eq!(heard(&answer(&host, &nameless).await), "two");
}

#[tokio::test(start_paused = true)]
async fn what_an_event_leaves_in_memory_costs_no_later_one_its_answer() {
    let script = "return { new_inbound_call = function() local garbage = buffer.create(15e6) return action.speak { text = 'in' } end,
      default = function() local b = buffer.create(25e6) return action.speak { text = 'fine' } end }";
    let stage = Stage::new(script, &[(10, true)]);
    let host = host(&stage, 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    for round in 0..3 {
        assert_eq!(hears(&host, "a").await, "in", "round {round}");
        let next = json!({"InvocationEventType": "DIGITS_RECEIVED", "CallDetails": {"TransactionId": "a"}});
        assert_eq!(heard(&answer(&host, &next).await), "fine", "round {round}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_too_large_to_be_sent_is_the_scripts_error() {
    let script = "local a = action.raw { Type = 'X', Parameters = { a = string.rep('\\1', 200000) } }
      return { default = function() return { a, a, a, a, a } end }";
    let stage = Stage::new(script, &[(10, true)]);
    let host = host(&stage, 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    assert_eq!(hears(&host, "a").await, APOLOGY);
}

#[tokio::test(start_paused = true)]
async fn an_event_too_deep_to_read_leaves_a_bridge_in_peace() {
    let stage = Stage::new(&says("hello"), &[(10, true)]);
    let host = host(&stage, 3600);
    assert!(host.prepare(Duration::from_secs(2)).await);
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    for (other, expected) in [("Connected", "nothing"), ("Disconnected", APOLOGY)] {
        let text = format!(
            r#"{{"InvocationEventType": "DIGITS_RECEIVED", "x": {deep}, "CallDetails": {{"Participants": [
              {{"CallId": "a", "Status": "Connected"}}, {{"CallId": "b", "Status": "{other}"}}]}}}}"#
        );
        let at = Instant::now();
        let arrival = Arrival { at, hard: HardDeadline::new(at, None, None), last_words: Box::new(Silence) };
        let outcome = host.answer(text.as_bytes(), arrival).await;
        assert!(matches!(outcome.error, Some(Error::Event(_))));
        assert_eq!(heard(&outcome), expected);
    }
}

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
            let at = Instant::now();
            let arrival = Arrival { at, hard: HardDeadline::new(at, None, None), last_words: Box::new(Silence) };
            let answer = host.answer(&bytes, arrival).await.answer;
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
