//! What people who rehearse against the server have missed.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use harness::Simulator;
use serde_json::json;

use crate::serve::{BRIEF, NUMBER, dial, function, lead, scripts};

#[test]
fn an_answer_that_is_meant_for_an_http_client_is_named_as_one() {
    let inner = json!({"SchemaVersion": "1.0", "Actions": []}).to_string();
    let answer = json!({"statusCode": 200, "body": inner}).to_string();
    let (url, _, _server) = function(move || (StatusCode::OK, answer.clone()));
    let folder = scripts(BRIEF);
    let simulator = Simulator::start(&[
        "--scripts",
        folder.path().to_str().unwrap(),
        "--function",
        &format!("Handler={url}"),
    ]);
    lead(&simulator, &["Handler"]);
    let story = dial(&simulator, "");
    assert!(story.contains("<-- not an answer: {\\\"statusCode\\\":200"), "{story}");
    let warning = "the answer has statusCode and body, as for API Gateway; the service wants SchemaVersion and Actions at its top";
    assert!(story.contains(warning), "{story}");
}

#[test]
fn what_a_program_logs_is_shown_with_the_name_of_its_function() {
    let folder = scripts(BRIEF);
    let mut server = Command::new(harness::moonring())
        .args(["serve", "--port", "0", "--function"])
        .arg("Handler=run:python3 -c print('one')")
        .arg("--scripts")
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert_eq!(line.trim_end(), "Handler: one", "{rest}");
}

#[test]
fn requests_of_scripts_are_sent_for_real_where_the_server_is_told_to() {
    let (url, count, _server) = function(|| (StatusCode::OK, "fine".to_owned()));
    let script = format!(
        "return function(call)
           local reply, err = http.post(\"{url}\", \"x\")
           call:say(if reply then reply.body else err.message)
         end"
    );
    let folder = scripts(&script);
    let scripts = ["--scripts", folder.path().to_str().unwrap()];
    let allowed = [("MOONRING_HTTP_ALLOW", "127.0.0.1")];
    let simulator = Simulator::start_with(&scripts, &allowed);
    lead(&simulator, &["Handler"]);
    let story = dial(&simulator, "");
    assert!(story.contains("give the reply with --replies FILE, or use --live"), "{story}");
    assert_eq!(*count.lock().unwrap(), 0);
    let simulator = Simulator::start_with(&[&scripts[..], &["--live"]].concat(), &allowed);
    lead(&simulator, &["Handler"]);
    let story = dial(&simulator, "");
    assert!(story.contains("hears “fine”"), "{story}");
    assert_eq!(*count.lock().unwrap(), 1);
}

#[test]
fn numbers_that_are_called_behave_as_the_server_is_told_and_callers_need_no_number() {
    let script = "return function(call)
      local leg, err = call:bridge { to = \"+12065550101\", timeout = 5 }
      call:say(`{if leg then \"there\" else err.type} {call.from}`)
    end";
    let folder = scripts(script);
    let arguments = ["--scripts", folder.path().to_str().unwrap(), "--callee", "+12065550101=busy"];
    let simulator = Simulator::start(&arguments);
    lead(&simulator, &["Handler"]);
    let body = json!({"From": "anonymous", "To": NUMBER, "Keys": ""});
    let (status, call) = simulator.ask("POST", "/moonring/calls", body.to_string());
    assert_eq!(status, 201, "{call}");
    let story = simulator.call(call["TransactionId"].as_str().unwrap())["Story"].to_string();
    assert!(story.contains("hears “no_answer anonymous”"), "{story}");
}
