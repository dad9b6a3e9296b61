//! Calls in progress when a server ends, and the next one begins.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use harness::Simulator;
use serde_json::json;

use crate::serve::{NUMBER, lead, scripts};

const WAITS: &str = "return {
  new_inbound_call = function() return {
    action.pause { duration_in_milliseconds = 1500 },
    action.speak_and_get_digits { speech_parameters = { text = 'Enter' }, failure_speech_parameters = { text = 'No' },
      max_number_of_digits = 1, repeat_duration_in_milliseconds = 5000 } } end,
  action_successful = function(event) return {
    action.speak { text = 'Got ' .. event.ActionData.ReceivedDigits }, action.hangup {} } end,
  default = function() end }";

fn a_call_survives(end: impl FnOnce(&mut Simulator)) {
    let (folder, keep) = (scripts(WAITS), tempfile::tempdir().unwrap());
    let state = keep.path().join("account.json");
    let arguments =
        ["--scripts", folder.path().to_str().unwrap(), "--state", state.to_str().unwrap()];
    let mut first = Simulator::start(&arguments);
    lead(&first, &["Handler"]);
    let body = json!({"From": "+12065550142", "To": NUMBER, "Keys": "7"}).to_string();
    let (_, call) = first.ask("POST", "/moonring/calls", body);
    let id = call["TransactionId"].as_str().unwrap();
    let story = |server: &Simulator| {
        let (_, call) = server.ask("GET", &format!("/moonring/calls/{id}"), "");
        call["Story"].to_string()
    };
    harness::until("the call is answered", || story(&first).contains("is connected").then_some(()));
    end(&mut first);
    let second = Simulator::start(&arguments);
    assert!(story(&second).contains("is connected"), "{}", story(&second));
    let call = second.call(id);
    let story = call["Story"].to_string();
    for told in ["hears “Enter”", "presses 7", "hears “Got 7”", "ends"] {
        assert!(story.contains(told), "no {told}: {story}");
    }
    assert!(
        story.contains("0:01.5  LEG-A  hears “Enter”"),
        "the pause is as long as it was: {story}"
    );
    assert!(!keep.path().join("account.json.calls").exists(), "a call that is over is kept");
}

#[test]
fn a_call_goes_on_when_a_server_that_was_stopped_starts_again() {
    a_call_survives(|server| assert_eq!(server.stop(), Some(0)));
}

#[test]
fn a_call_goes_on_when_a_server_that_was_killed_starts_again() {
    a_call_survives(Simulator::kill);
}

#[test]
fn a_call_that_cannot_be_read_is_named_and_keeps_no_other_from_going_on() {
    let (folder, keep) = (scripts(WAITS), tempfile::tempdir().unwrap());
    let state = keep.path().join("account.json");
    let calls = keep.path().join("account.json.calls");
    std::fs::create_dir(&calls).unwrap();
    std::fs::write(calls.join("torn.jsonl"), "{\"service\": 1}\n{}\n").unwrap();
    std::fs::write(calls.join("begun.jsonl"), "{\"serv").unwrap();
    let mut server = Command::new(harness::moonring())
        .args(["serve", "--port", "0", "--scripts"])
        .arg(folder.path())
        .arg("--state")
        .arg(&state)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut said, mut error) = (String::new(), String::new());
    BufReader::new(server.stderr.take().unwrap()).read_line(&mut error).unwrap();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut said).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(error.contains("torn.jsonl") && error.contains("move the file away"), "{error}");
    assert!(said.contains("serving on"), "{said}");
    assert!(calls.join("torn.jsonl").exists() && !calls.join("begun.jsonl").exists());
}
