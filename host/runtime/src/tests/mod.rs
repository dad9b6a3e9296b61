//! The host over sources that fail, hang and freeze; time is virtual.

mod aliases;
mod any_event;
mod masking;
mod silence;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use moonring_store::{BoxFuture, Entry, FetchError, Listing, Source};
use serde_json::{Value, json};

use crate::*;

/// A source with one script, whose listings take their time and fail as a test says.
struct Stage {
    script: Mutex<String>,
    /// How long each listing takes, and whether it works; the last one stands for all that follow.
    listings: Vec<(Duration, bool)>,
    listed: AtomicUsize,
    aliases: Mutex<BTreeMap<String, Arc<Stage>>>,
    /// Its routes; without any, callers are led to the releases that are called like them.
    routes: Mutex<Option<String>>,
}

impl Stage {
    fn new(script: &str, listings: &[(u64, bool)]) -> Arc<Self> {
        let listings =
            listings.iter().map(|(ms, works)| (Duration::from_millis(*ms), *works)).collect();
        let script = Mutex::new(script.to_owned());
        Arc::new(Self {
            script,
            listings,
            listed: AtomicUsize::new(0),
            aliases: Mutex::default(),
            routes: Mutex::default(),
        })
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
            let entry = |name: &str, text: &str| Entry {
                name: name.to_owned(),
                version: text.to_owned(),
                bytes: text.len() as u64,
                modified: None,
            };
            let aliases = self.aliases.lock().unwrap();
            let routes =
                aliases.keys().map(|alias| format!("{{ from = '{alias}', release = '{alias}' }},"));
            let routes = format!("return {{ {} }}", routes.collect::<String>());
            let routes = self.routes.lock().unwrap().clone().unwrap_or(routes);
            let entries = vec![entry("main.lua", &script), entry("routes.lua", &routes)];
            Ok(Listing { entries, at: None, has_aliases: false })
        })
    }

    fn fetch<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Ok(entry.version.clone().into_bytes()) })
    }

    fn alias(&self, name: &str) -> Arc<dyn Source> {
        self.aliases.lock().unwrap().get(name).unwrap().clone()
    }

    fn location(&self) -> String {
        "stage".to_owned()
    }
}

struct Silence;

impl EmergencyReply for Silence {
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
    answer_bytes(host, event.to_string().as_bytes()).await
}

/// The answer to whatever came.
async fn answer_bytes(host: &Host, bytes: &[u8]) -> Outcome {
    let at = Instant::now();
    let arrival = Arrival {
        at,
        clock: SystemTime::now(),
        hard: HardDeadline::new(at, None, None),
        emergency_reply: Box::new(Silence),
    };
    host.answer(bytes, arrival).await
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
    let inside =
        json!({"InvocationEventType": "DIGITS_RECEIVED", "CallDetails": {"TransactionId": "a"}});
    assert_eq!(heard(&answer(&host, &inside).await), "one");
    assert_eq!(stage.listed(), listed);
    let unknown =
        json!({"InvocationEventType": "DIGITS_RECEIVED", "CallDetails": {"TransactionId": "b"}});
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
    let script =
        "local a = action.raw { Type = 'X', Parameters = { a = string.rep('\\1', 200000) } }
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
        let arrival = Arrival {
            at,
            clock: SystemTime::now(),
            hard: HardDeadline::new(at, None, None),
            emergency_reply: Box::new(Silence),
        };
        let outcome = host.answer(text.as_bytes(), arrival).await;
        assert!(matches!(outcome.error, Some(Error::Event(_))));
        assert_eq!(heard(&outcome), expected);
    }
}
