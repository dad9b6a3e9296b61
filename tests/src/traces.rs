//! `moonring tail --otlp`: the log as traces and log records, taken by a collector that knows the published schema.

use std::path::Path;
use std::process::{Command, Output};

use harness::{Collector, Function, moonring, new_call, until};
use serde_json::Value;

use crate::flows::pressed;
use crate::logs::SCRIPT;

const CALL: &str = "116ad019-24ca-42e2-a1f8-a0a4a4d3ed1f";
const TRACE: &str = "116ad01924ca42e2a1f8a0a4a4d3ed1f";

/// The log of a process in which one call failed at its second event, as `aws logs tail` shows it.
fn log(folder: &Path) -> String {
    std::fs::write(folder.join("main.lua"), SCRIPT).unwrap();
    let function = Function::start(&[("MOONRING_SCRIPTS", folder.to_str().unwrap())]);
    let (mut call, mut attributes) = (new_call(), Value::Null);
    call["CallDetails"]["TransactionId"] = Value::from(CALL);
    let first = function.invoke(&call).answer;
    function.invoke(&pressed(&call, &first, &mut attributes, "2"));
    let lines = until("the lines of both events", || {
        let lines = function.lines();
        let events = lines.iter().filter(|line| line["message"] == "event").count();
        (events == 2).then_some(lines)
    });
    let timed = lines.iter().enumerate();
    timed.map(|(second, line)| format!("2026-11-29T12:00:{second:02} one {line}\n")).collect()
}

fn tail(file: &Path, more: &[&str], headers: Option<&str>) -> Output {
    let mut command = Command::new(moonring());
    command.args(["tail", "--file"]).arg(file).args(more).env_clear();
    command.envs(headers.map(|headers| ("OTEL_EXPORTER_OTLP_HEADERS", headers)));
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_collector_takes_each_call_as_a_trace_and_what_is_logged_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.log");
    std::fs::write(&file, log(folder.path())).unwrap();
    let collector = Collector::start();
    let sent = tail(&file, &["--otlp", &collector.url], Some("api-key=s%20ecret"));
    assert!(sent.status.success(), "{}", told(&sent));
    assert!(told(&sent).contains("spans 2, log records "), "{}", told(&sent));
    let received = collector.received();
    assert!(received.iter().all(|one| one["key"] == "s ecret"), "{received:#?}");
    let of = |path: &str, pointer: &str| -> Vec<Value> {
        let bodies = received.iter().filter(|one| one["path"] == path);
        bodies
            .flat_map(|one| one["body"].pointer(pointer).unwrap().as_array().unwrap().clone())
            .collect()
    };
    let spans = of("/v1/traces", "/resourceSpans/0/scopeSpans/0/spans");
    let names: Vec<&str> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL SpeakAndGetDigits"]);
    assert!(spans.iter().all(|span| span["traceId"] == TRACE), "{spans:#?}");
    assert_eq!(spans[1]["parentSpanId"], spans[0]["spanId"]);
    assert_eq!(spans[1]["status"]["message"], "main.lua:4: no more of blue");
    assert!(spans[0]["status"].is_null(), "{spans:#?}");
    let records = of("/v1/logs", "/resourceLogs/0/scopeLogs/0/logRecords");
    let choice = records.iter().find(|record| record["body"]["stringValue"] == "a choice").unwrap();
    assert_eq!((&choice["traceId"], &choice["severityNumber"]), (&TRACE.into(), &9.into()));
    // Neither numbers nor digits: the log has none.
    let all = serde_json::to_string(&received).unwrap();
    assert!(!all.contains("+1206"), "{all}");
}

#[test]
fn a_collector_that_is_not_there_or_refuses_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.log");
    let line = format!(
        r#"{{"level":"INFO","message":"event","call":"{CALL}","sequence":1,"event":"HANGUP"}}"#
    );
    std::fs::write(&file, format!("2026-11-29T12:00:00 one {line}\n")).unwrap();
    let collector = Collector::start();
    let picky = tail(&file, &["--otlp", &collector.url], Some("api-key=picky"));
    let said = told(&picky);
    assert!(picky.status.success() && said.contains("left out 1: too old"), "{said}");
    assert!(said.contains("spans 0, log records 0"), "{said}");
    // Once more, where it asks for that.
    let busy = told(&tail(&file, &["--otlp", &collector.url], Some("api-key=busy")));
    assert!(busy.contains("spans 1"), "{busy}");
    let wrong = told(&tail(&file, &["--otlp", &collector.url], Some("api key=x")));
    assert!(wrong.contains("wanted NAME=VALUE"), "{wrong}");
    let lost = tail(&file, &["--otlp", &format!("{}/other", collector.url)], None);
    assert_eq!(lost.status.code(), Some(2));
    assert!(
        told(&lost).contains(
            "answers 404 Not Found: {\"message\": \"no such signal\"}; wanted one that takes OTLP"
        ),
        "{}",
        told(&lost)
    );
    let gone = tail(&file, &["--otlp", "http://127.0.0.1:9"], None);
    assert_eq!(gone.status.code(), Some(2));
    assert!(told(&gone).contains("cannot be reached"), "{}", told(&gone));
    let words = tail(&file, &["--otlp", "localhost"], None);
    assert!(told(&words).contains("such as http://localhost:4318"), "{}", told(&words));
    // A line without a time belongs to the one before it; where none has one, nothing is sent.
    let timed = format!("2026-11-29T12:00:00 one {line}\nTask timed out after 3.00 seconds\n");
    std::fs::write(&file, timed).unwrap();
    let mixed = told(&tail(&file, &["--otlp", &collector.url], None));
    assert!(mixed.contains("spans 1, log records 1"), "{mixed}");
    std::fs::write(&file, format!("{line}\n")).unwrap();
    let timeless = tail(&file, &["--otlp", &collector.url], None);
    assert_eq!(timeless.status.code(), Some(2));
    assert!(told(&timeless).contains("the lines have no times"), "{}", told(&timeless));
}

#[test]
fn standard_input_is_sent_as_it_comes() {
    use std::io::Write as _;
    let collector = Collector::start();
    let mut command = Command::new(moonring());
    command.args(["tail", "--file", "-", "--otlp", &collector.url]).env_clear();
    let mut tail = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut input = tail.stdin.take().unwrap();
    let line = r#"{"level":"INFO","message":"event","sequence":1,"event":"HANGUP"}"#;
    writeln!(input, "2026-11-29T12:00:00 one {line}").unwrap();
    writeln!(input, "2026-11-29T12:00:01 one {line}").unwrap();
    let spans = until("both spans", || {
        let received = collector.received();
        let bodies = received.iter().map(|one| &one["body"]["resourceSpans"][0]["scopeSpans"][0]);
        let spans: Vec<Value> =
            bodies.flat_map(|body| body["spans"].as_array().unwrap().clone()).collect();
        (spans.len() == 2).then_some(spans)
    });
    // Events that belong to no call are traces of their own.
    assert!(spans[0]["traceId"] != spans[1]["traceId"], "{spans:#?}");
    drop(input);
    assert!(tail.wait().unwrap().success());
}
