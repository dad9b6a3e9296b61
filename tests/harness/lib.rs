//! What the tests drive and what they drive it with.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test says what went wrong by failing"
)]

mod client;
mod collector;
mod dynamodb;
mod function;
mod programs;
mod proxy;
mod python_server;
mod runtime_api;
mod s3;
mod simulator;
mod web;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

pub use collector::Collector;
pub use dynamodb::Tables;
pub use function::{FUNCTION_VARIABLES, Function, Reply};
pub use programs::{
    bootstrap, environment, example, moonring, node_folder, say, server_tools, shipped,
    test_packages,
};
pub use proxy::Proxy;
pub use s3::S3;
pub use simulator::Simulator;
pub use web::Web;

/// What the caller hears when a script fails.
pub const APOLOGY: &str = "We are sorry, something went wrong. Please call again later.";

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A recorded event, by the name of its file without the ending.
pub fn event(name: &str) -> Value {
    let path = project("tests/events").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// A recorded event that belongs to this call.
pub fn event_of(call: &str, name: &str) -> Value {
    let mut event = event(name);
    event["CallDetails"]["TransactionId"] = Value::from(call);
    event
}

/// The first event of a call that no test has seen.
pub fn new_call() -> Value {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    event_of(
        &format!("call-{}", CALLS.fetch_add(1, Ordering::Relaxed)),
        "NEW_INBOUND_CALL-none-basic",
    )
}

/// An answer as its script meant it: without the attribute that the host adds to keep the call's
/// route, and without attributes where there are no others than the event brought.
pub fn own(answer: &Value, event: &Value) -> Value {
    let is_hosts = |name: &String| name.starts_with("_mr");
    let mut own = answer.clone();
    let brought =
        event["CallDetails"]["TransactionAttributes"].as_object().cloned().unwrap_or_default();
    if let Some(attributes) = own.get_mut("TransactionAttributes").and_then(Value::as_object_mut)
        && attributes.contains_key("_mr")
    {
        attributes.retain(|name, _| !is_hosts(name));
        if attributes.iter().eq(brought.iter().filter(|(name, _)| !is_hosts(name))) {
            own.as_object_mut().unwrap().remove("TransactionAttributes");
        }
    }
    own
}

/// The text that an answer says first.
pub fn said(answer: &Value) -> &str {
    answer["Actions"][0]["Parameters"]["Text"]
        .as_str()
        .unwrap_or_else(|| panic!("nothing is said in {answer}"))
}

/// A script that says one text to every event.
pub fn says(text: &str) -> String {
    format!("return {{ default = function() return action.speak {{ text = {text:?} }} end }}")
}

/// Does something again and again until it gives a value. For what takes effect "within seconds":
/// each time is a real event.
pub fn until<T>(what: &str, attempt: impl FnMut() -> Option<T>) -> T {
    until_or(|| what.to_owned(), attempt)
}

/// The same; what it waited for is said only where it came to nothing.
pub fn until_or<T>(what: impl Fn() -> String, mut attempt: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = attempt() {
            return value;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{}: not within 60 s", what());
        std::thread::yield_now();
    }
}
