//! What a server shows of what goes wrong: nothing fails in silence.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;

use axum::http::StatusCode;
use harness::{Simulator, moonring, project, until_or};
use serde_json::{Value, json};

use crate::serve::{dial, function, lead, scripts};

/// Waits until the server has shown these.
fn shows(simulator: &Simulator, texts: &[&str]) {
    for text in texts {
        until_or(
            || format!("`{text}` is shown: {}", simulator.shown()),
            || simulator.shown().contains(text).then_some(()),
        );
    }
}

#[test]
fn odd_answers_of_a_function_are_lines_that_say_what_is_wanted() {
    let speak = |text: &str| json!({"Type": "Speak", "Parameters": {"Text": text}});
    for (answer, told) in [
        (
            json!({"statusCode": 200, "body": "{}"}),
            "the answer has statusCode and body, as for API Gateway",
        ),
        (
            json!("{\"SchemaVersion\": \"1.0\"}"),
            "the answer is a string that holds JSON; return the object itself",
        ),
        (
            json!({"Actions": []}),
            "the answer has no SchemaVersion; wanted {\"SchemaVersion\": \"1.0\", \"Actions\": […]}",
        ),
        (
            json!({"SchemaVersion": "1.0", "Actions": [speak("x"), {"Type": "Speek"}]}),
            "action 2 is `Speek`, which the service does not have; did you mean `Speak`?",
        ),
        (
            json!({"SchemaVersion": "1.0", "Actions": [{"Type": "Speak", "Parameters": {}}]}),
            "Speak fails: MissingRequiredActionParameter: Text is a required parameter.",
        ),
        (
            json!({"SchemaVersion": "1.0", "Actions": [{"Type": "Speak", "Parameters": {}}]}),
            "20 events within a second",
        ),
    ] {
        let text = answer.to_string();
        let (url, _, _runtime) = function(move || (StatusCode::OK, text.clone()));
        let simulator = Simulator::start(&["--function", &format!("Main={url}")]);
        lead(&simulator, &["Main"]);
        dial(&simulator, "");
        shows(&simulator, &[told]);
    }
}

#[test]
fn each_call_is_introduced_by_its_id_and_numbers() {
    let folder = scripts("return function(call) call:say('Hello.') end");
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    lead(&simulator, &["Main"]);
    let body = json!({"From": "+12065550142", "To": "+18445550123"}).to_string();
    let (_, reply) = simulator.ask("POST", "/moonring/calls", body);
    let id = reply["TransactionId"].as_str().unwrap();
    shows(&simulator, &[&format!("1 inbound call {id} from +12065550142 to +18445550123")]);
    let body =
        json!({"From": "+18445550123", "To": "+12065550142", "Outbound": true, "Pickup": "busy"});
    simulator.ask("POST", "/moonring/calls", body.to_string());
    shows(&simulator, &["2 outbound call", "LEG-A  ends: busy (486)"]);
}

#[test]
fn a_program_reads_each_line_of_each_call_as_an_object() {
    let folder = scripts("return function(call) call:say('Hello.') end");
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap(), "--json"]);
    lead(&simulator, &["Main"]);
    let body = json!({"From": "+12065550142", "To": "+18445550123"}).to_string();
    let (_, reply) = simulator.ask("POST", "/moonring/calls", body);
    let id = reply["TransactionId"].as_str().unwrap();
    simulator.call(id);
    shows(&simulator, &["\"what\":\"ends\""]);
    let shown = simulator.shown();
    let lines = shown.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let hears = lines.into_iter().find(|line| line["what"] == "hears").unwrap();
    assert_eq!((&hears["TransactionId"], &hears["text"]), (&id.into(), &"Hello.".into()));
}

#[test]
fn a_program_answers_as_many_events_at_a_time_as_it_has_instances() {
    let folder = tempfile::tempdir().unwrap();
    let program = "import json, os, time, urllib.request
api = 'http://' + os.environ['AWS_LAMBDA_RUNTIME_API'] + '/2018-06-01/runtime/invocation/'
print('begins', flush=True)
while True:
    event = urllib.request.urlopen(api + 'next')
    number = event.headers['lambda-runtime-aws-request-id']
    while len(open('asked').read()) < 2:
        open('asked', 'a').write('x' if not os.path.exists(number) else '')
        open(number, 'w')
        time.sleep(0.01)
    answer = json.dumps({'SchemaVersion': '1.0', 'Actions': [{'Type': 'Hangup'}]})
    urllib.request.urlopen(api + number + '/response', answer.encode())
";
    std::fs::write(folder.path().join("two.py"), program).unwrap();
    std::fs::write(folder.path().join("asked"), "").unwrap();
    // Each instance waits until another one has an event too: one alone would never answer.
    let simulator = Simulator::start_in(folder.path(), &["--function", "Main=run:python3 two.py"]);
    lead(&simulator, &["Main"]);
    let body = || json!({"From": "+12065550142", "To": "+18445550123"}).to_string();
    let ids: Vec<Value> = (0..2)
        .map(|_| simulator.ask("POST", "/moonring/calls", body()).1["TransactionId"].clone())
        .collect();
    for id in ids {
        let call = simulator.call(id.as_str().unwrap());
        assert!(call["Story"].to_string().contains("<-- Hangup"), "{call}");
    }
    assert_eq!(simulator.shown().matches("Main: begins").count(), 2);
}

#[test]
fn names_that_nobody_can_mean_are_refused_with_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("account.json");
    let state = state.to_str().unwrap();
    let simulator = Simulator::start(&["--state", state, "--scripts", "scripts"]);
    lead(&simulator, &["Handler"]);
    drop(simulator);
    let serve = |arguments: &[&str]| {
        let output = Command::new(moonring())
            .args(["serve", "--port", "0"])
            .args(arguments)
            .current_dir(project("."))
            .env_clear()
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for (arguments, told) in [
        (
            &["--state", state, "--function", "Handlr=http://127.0.0.1:9/x"][..],
            "--function Handlr: no application of the account has this function; did you mean `Handler`?",
        ),
        (&["--function", "Main=scirpts"], "did you mean `scripts`?"),
        (
            &["--function", "Main=http://127.0.0.1:9/x", "--function", "Main=scripts"],
            "--function Main is given twice",
        ),
        (&["--host", "0.0.0.0"], "give a --token of at least 16 characters"),
    ] {
        let (code, said) = serve(arguments);
        assert!(code == Some(2) && said.contains(told), "{arguments:?}: {said}");
    }
    let simulator = Simulator::start(&["--function", "Mian=http://127.0.0.1:9/x"]);
    lead(&simulator, &["Main"]);
    shows(&simulator, &["the scripts answer for it; did you mean `Mian`?"]);
}

#[test]
fn others_reach_a_server_only_with_its_token() {
    let token = "a-long-secret-word";
    let simulator = Simulator::start(&["--host", "0.0.0.0", "--token", token]);
    let at = simulator.endpoint.replace("0.0.0.0", "127.0.0.1");
    let at = at.trim_start_matches("http://").to_owned();
    let status = |header: &str| {
        let mut stream = TcpStream::connect(&at).unwrap();
        let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
        write!(
            stream,
            "GET /moonring/calls HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n{header}\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(status(""), "403");
    assert_eq!(status("Authorization: Bearer another-word-than-it"), "403");
    assert_eq!(status(&format!("Authorization: Bearer {token}")), "200");
    assert_eq!(
        status(&format!(
            "Authorization: AWS4-HMAC-SHA256 Credential={token}/20260101/us-east-1/chime/aws4_request"
        )),
        "200"
    );
}
