//! `moonring tail` and `moonring show CALL`: the log of the function, read back.

use std::process::{Command, Output};

use harness::{Function, S3, moonring, new_call, server_tools, until};
use serde_json::Value;

use crate::flows::pressed;

/// A menu of which red ends well, and blue fails.
pub(crate) const SCRIPT: &str = "return function(call)
  local choice = call:menu { say = 'Red is 1, blue is 2.', options = { 'red', 'blue' } }
  log.info('a choice', { choice = choice })
  if choice == 'blue' then error('no more of blue') end
  call:say('Goodbye.')
end";

fn read(arguments: &[&str]) -> Output {
    let mut command = Command::new(moonring());
    command.args(arguments).env_clear().output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An event and its answer, as a story tells them but for its time: what came, and what is sent. Keys
/// are masked.
fn told_of(event: &Value, answer: &Value) -> String {
    let word = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    let action = word("/ActionData/Type").map(|action| format!(" {action}")).unwrap_or_default();
    let keys = word("/ActionData/ReceivedDigits").map_or("", |_| " ****");
    let sent = answer["Actions"].as_array().into_iter().flatten();
    let sent: Vec<&str> = sent.map(|action| action["Type"].as_str().unwrap()).collect();
    let kind = word("/InvocationEventType").unwrap();
    format!("{kind}{action}{keys} → {}", sent.join(", "))
}

/// The id of a call.
fn id(call: &Value) -> &str {
    call.pointer("/CallDetails/TransactionId").unwrap().as_str().unwrap()
}

/// A call, and its story as its events and answers have it.
struct Played {
    id: String,
    story: Vec<String>,
}

/// A process that has answered calls: as many that choose red, and one that chooses blue. Its log, and
/// its calls, the failed one last.
fn played(folder: &std::path::Path, count: usize) -> (String, Vec<Played>) {
    std::fs::write(folder.join("main.lua"), SCRIPT).unwrap();
    let function = Function::start(&[("MOONRING_SCRIPTS", folder.to_str().unwrap())]);
    let mut calls = Vec::new();
    for number in 0..=count {
        let (mut call, mut attributes) = (new_call(), Value::Null);
        // As the service has them.
        call["CallDetails"]["TransactionId"] =
            Value::from(format!("{number:08x}-0000-4000-8000-{:012x}", std::process::id()));
        let first = function.invoke(&call).answer;
        let key = if number == count { "2" } else { "1" };
        let event = pressed(&call, &first, &mut attributes, key);
        let second = function.invoke(&event).answer;
        let story = vec![told_of(&call, &first), told_of(&event, &second)];
        calls.push(Played { id: id(&call).to_owned(), story });
    }
    let lines: Vec<String> = function.log().iter().map(Value::to_string).collect();
    (lines.join("\n"), calls)
}

#[test]
fn a_call_is_told_from_its_lines_and_a_day_in_sum() {
    let folder = tempfile::tempdir().unwrap();
    let (log, calls) = played(folder.path(), 99);
    let file = folder.path().join("calls.log");
    // As `aws logs tail` writes them, with lines of Lambda itself between.
    let lines: Vec<String> =
        log.lines().map(|line| format!("2026-11-29T12:00:00 2026/11/29/[1]0 {line}")).collect();
    std::fs::write(&file, format!("START RequestId: 1\n{}\nEND\n", lines.join("\n"))).unwrap();
    let file = file.to_str().unwrap();
    // Every call's story is whole: what came, what was answered, what was logged.
    for (number, Played { id, story }) in calls.iter().enumerate() {
        let shown = read(&["show", id, "--file", file]);
        let (told, sum) = (text(&shown.stdout), text(&shown.stderr));
        let journal = sum.trim().rsplit(' ').next().and_then(|count| count.parse::<u32>().ok());
        assert!(sum.contains("characters of the journal") && journal > Some(0), "{sum}");
        let is_failed = number == calls.len() - 1;
        assert!(told.starts_with(&format!("call {id}\n")), "{told}");
        assert!(told.contains("script main, release "), "{told}");
        assert!(story.iter().all(|line| told.contains(line)), "{story:?} {told}");
        assert!(told.contains("info: a choice {\"choice\":"), "{told}");
        assert_eq!(told.contains("main.lua:4: no more of blue"), is_failed, "{told}");
        assert_eq!(told.contains("the caller's way: menu: 2"), is_failed, "{told}");
        assert_eq!(told.matches(" → ").count(), 2, "{told}");
    }
    let tail = |more: &[&str]| read(&[&["tail", "--file", file], more].concat());
    let errors = text(&tail(&["--errors"]).stdout);
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.contains(&calls[99].id[..8]) && errors.contains("no more of blue"), "{errors}");
    // The times of the lines count, and a file without times cannot be asked for them.
    assert_eq!(text(&tail(&["--since", "5m"]).stdout), "");
    assert!(text(&tail(&["--since", "9999d"]).stdout).lines().count() >= 300);
    let plain = folder.path().join("plain.log");
    std::fs::write(&plain, &log).unwrap();
    let untimed = read(&["tail", "--since", "1h", "--file", plain.to_str().unwrap()]);
    assert!(text(&untimed.stderr).contains("have no times"), "{}", text(&untimed.stderr));
    let of_call = text(&tail(&["--call", &calls[3].id]).stdout);
    assert_eq!(of_call.lines().count(), 3, "{of_call}");
    assert_eq!(text(&tail(&["--to", "+15005550199"]).stdout), "");
    let summary: Value = serde_json::from_slice(&tail(&["--summary", "--json"]).stdout).unwrap();
    assert_eq!((&summary["calls"], &summary["events"]), (&100.into(), &200.into()));
    let failure = &summary["failures"][0];
    assert_eq!(failure["why"], "error: main.lua:4: no more of blue");
    assert_eq!(failure["calls"], serde_json::json!([calls[99].id]));
    assert_eq!(failure["releases"].as_array().unwrap().len(), 1);
    assert!(summary["failed_calls"][&calls[99].id].is_string());
    assert!(summary["slowest"][0]["micros"].as_u64().unwrap() > 0);
    let told = text(&tail(&["--summary"]).stdout);
    assert!(
        told.starts_with("calls     100, events 200, calls that heard the fallback 1\n"),
        "{told}"
    );
    assert!(told.contains(&format!("{}, from …", calls[99].id)), "{told}");
}

#[test]
fn the_log_of_cloudwatch_is_read_with_times_and_what_is_missing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (log, calls) = played(folder.path(), 1);
    let s3 = S3::shared();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let began = u64::try_from(now.as_millis()).unwrap() - 60_000;
    let events: Vec<Value> = (0..)
        .zip(log.lines())
        .map(|(number, line)| serde_json::json!({"timestamp": began + number * 100, "message": line}))
        .collect();
    let events = serde_json::to_string(&events).unwrap();
    let group = format!("/aws/lambda/logs-{}", std::process::id());
    let aws = |arguments: &[&str]| {
        let mut cli = Command::new(server_tools().join("aws"));
        cli.args(arguments).env_clear().env("AWS_ENDPOINT_URL", &s3.endpoint);
        cli.envs(harness::FUNCTION_VARIABLES).env("AWS_DEFAULT_REGION", "us-east-1");
        let output = cli.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    let stream = ["--log-group-name", &group, "--log-stream-name", "one"];
    aws(&["logs", "create-log-group", "--log-group-name", &group]);
    aws(&[&["logs", "create-log-stream"], &stream[..]].concat());
    aws(&[&["logs", "put-log-events"], &stream[..], &["--log-events", &events]].concat());
    let moonring_of = |arguments: &[&str]| {
        let mut command = Command::new(moonring());
        command.args(arguments).env_clear().env("AWS_ENDPOINT_URL", &s3.endpoint);
        command.envs(harness::FUNCTION_VARIABLES).output().unwrap()
    };
    let shown = text(&moonring_of(&["show", &calls[1].id, "--log-group", &group]).stdout);
    // The times are from the beginning of the call.
    assert!(shown.contains("0:00.0  NEW_INBOUND_CALL"), "{shown}");
    assert!(shown.contains("0:00.2  ACTION_SUCCESSFUL"), "{shown}");
    let tail = text(&moonring_of(&["tail", "--log-group", &group, "--errors"]).stdout);
    assert!(tail.contains("no more of blue") && tail.starts_with("20"), "{tail}");
    let nowhere = moonring_of(&["tail", "--log-group", "/aws/lambda/nobody"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).contains("moonring doctor"), "{}", text(&nowhere.stderr));
    let unsaid = read(&["tail"]);
    assert!(text(&unsaid.stderr).contains("--function NAME, --log-group GROUP, or --file FILE"));
    let gone =
        moonring_of(&["show", "00000000-0000-4000-8000-000000000000", "--log-group", &group]);
    assert!(text(&gone.stderr).contains("--since says how far back"), "{}", text(&gone.stderr));
}

#[test]
fn calls_are_counted_for_cloudwatch_where_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), SCRIPT).unwrap();
    let scripts = folder.path().to_str().unwrap();
    let silent = Function::start(&[("MOONRING_SCRIPTS", scripts)]);
    let counting = Function::start(&[("MOONRING_SCRIPTS", scripts), ("MOONRING_METRICS", "true")]);
    for function in [&silent, &counting] {
        let (call, mut attributes) = (new_call(), Value::Null);
        let first = function.invoke(&call).answer;
        let second = function.invoke(&pressed(&call, &first, &mut attributes, "2")).answer;
        let mut end = pressed(&call, &second, &mut attributes, "");
        end["InvocationEventType"] = "HANGUP".into();
        end["Sequence"] = 3.into();
        end["CallDetails"]["Participants"][0]["Status"] = "Disconnected".into();
        function.invoke_quietly(&end);
    }
    assert!(silent.log().iter().all(|line| line.get("_aws").is_none()));
    // The first event of the process, the failure, and the end.
    let metrics: Vec<Value> = until("three lines of metrics", || {
        let lines = counting.lines().into_iter();
        let metrics: Vec<Value> = lines.filter(|line| line.get("_aws").is_some()).collect();
        (metrics.len() >= 3).then_some(metrics)
    });
    assert_eq!(metrics.len(), 3, "{metrics:#?}");
    assert_eq!(metrics[0]["ColdStarts"], 1);
    assert_eq!(metrics[1]["Fallbacks"], 1);
    let end = &metrics[2];
    assert_eq!((&end["Calls"], &end["Invocations"]), (&1.into(), &3.into()));
    assert!(end["Duration"].is_u64() && end["JournalCharacters"].as_u64() > Some(0), "{end}");
    assert!(end["release"].is_string() && end["script"] == "main", "{end}");
    for line in &metrics {
        is_embedded_metric(line);
    }
}

/// Whether a line is what CloudWatch takes for metrics: by the schema of the embedded metric format, and with
/// everything that it names.
fn is_embedded_metric(line: &Value) {
    let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(file.path(), line.to_string()).unwrap();
    let mut judge = Command::new(server_tools().join("check-jsonschema"));
    judge.arg("--schemafile").arg(harness::project("tests/emf_schema.json")).arg(file.path());
    let judged = judge.output().unwrap();
    assert!(judged.status.success(), "{}", text(&judged.stdout));
    for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
        let sets = directive["Dimensions"].as_array().unwrap().iter();
        for name in sets.flat_map(|set| set.as_array().unwrap()) {
            assert!(line[name.as_str().unwrap()].is_string(), "{line}");
        }
        for metric in directive["Metrics"].as_array().unwrap() {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{line}");
        }
    }
}

#[test]
fn standard_input_is_shown_line_by_line_while_it_goes_on() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let mut command = Command::new(moonring());
    command.args(["tail", "--file", "-", "--errors"]).env_clear();
    let (input, output) = (std::process::Stdio::piped(), std::process::Stdio::piped());
    let mut tail = command.stdin(input).stdout(output).spawn().unwrap();
    let mut input = tail.stdin.take().unwrap();
    let mut lines = BufReader::new(tail.stdout.take().unwrap()).lines();
    for said in [
        "2026-11-29T12:00:00 x {\"level\":\"ERROR\",\"message\":\"one\"}",
        "Task timed out after 3.00 seconds",
    ] {
        writeln!(input, "{said}").unwrap();
        let shown = lines.next().unwrap().unwrap();
        assert!(shown.contains("one") || shown.contains("Task timed out"), "{shown}");
    }
    drop(input);
    assert!(tail.wait().unwrap().success());
}
