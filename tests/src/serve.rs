//! `moonring serve`: calls over HTTP, in real time; an account that outlives the program; functions
//! of other people.

use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use harness::{Simulator, moonring, project, says};
use serde_json::{Value, json};

pub(crate) const NUMBER: &str = "+18445550123";

/// Orders a number and leads its calls to applications with these functions.
pub(crate) fn lead(simulator: &Simulator, functions: &[&str]) {
    let order = json!({"ProductType": "SipMediaApplicationDialIn", "E164PhoneNumbers": [NUMBER]});
    assert_eq!(simulator.ask("POST", "/phone-number-orders", order.to_string()).0, 201);
    let target = |(priority, name): (usize, &&str)| {
        let arn = format!("arn:aws:lambda:us-east-1:111122223333:function:{name}");
        let body =
            json!({"AwsRegion": "us-east-1", "Name": name, "Endpoints": [{"LambdaArn": arn}]});
        let (_, made) = simulator.ask("POST", "/sip-media-applications", body.to_string());
        json!({"SipMediaApplicationId": made["SipMediaApplication"]["SipMediaApplicationId"], "Priority": priority + 1})
    };
    let targets: Vec<Value> = functions.iter().enumerate().map(target).collect();
    let rule = json!({"Name": "Rule", "TriggerType": "ToPhoneNumber", "TriggerValue": NUMBER, "TargetApplications": targets});
    assert_eq!(simulator.ask("POST", "/sip-rules", rule.to_string()).0, 201);
}

/// Dials the number; the call's story, once it is over.
pub(crate) fn dial(simulator: &Simulator, keys: &str) -> String {
    let body = json!({"From": "+12065550142", "To": NUMBER, "Keys": keys});
    let (status, call) = simulator.ask("POST", "/moonring/calls", body.to_string());
    assert_eq!(status, 201, "{call}");
    simulator.call(call["TransactionId"].as_str().unwrap())["Story"].to_string()
}

pub(crate) fn scripts(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), text).unwrap();
    folder
}

/// What the SDK needs, with this address for the services.
pub(crate) fn credentials<'a>(name: &'a str, endpoint: &'a str) -> [(&'a str, &'a str); 4] {
    let key = ("AWS_ACCESS_KEY_ID", "test");
    [(name, endpoint), ("AWS_REGION", "us-east-1"), key, ("AWS_SECRET_ACCESS_KEY", "test")]
}

pub(crate) const BRIEF: &str = "return { new_inbound_call = function() return { action.speak { text = 'Hi' }, action.hangup {} } end, default = function() end }";

#[test]
fn a_dialled_number_is_answered_by_the_scripts_as_they_are_now() {
    let folder = scripts(BRIEF);
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    lead(&simulator, &["Handler"]);
    assert!(dial(&simulator, "").contains("hears “Hi”"));
    std::fs::write(folder.path().join("main.lua"), BRIEF.replace("'Hi'", "'Ho'")).unwrap();
    assert!(dial(&simulator, "").contains("hears “Ho”"));
    assert_eq!(
        simulator
            .ask(
                "POST",
                "/moonring/calls",
                "{\"From\": \"+12065550142\", \"To\": \"+19995550100\"}"
            )
            .0,
        400
    );
}

/// A function behind an address: answers as it is told, and counts.
pub(crate) fn function(
    answer: impl Fn() -> (StatusCode, String) + Clone + Send + Sync + 'static,
) -> (String, Arc<Mutex<u32>>, tokio::runtime::Runtime) {
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let url =
        format!("http://{}/2015-03-31/functions/F/invocations", listener.local_addr().unwrap());
    let run = move || {
        *counted.lock().unwrap() += 1;
        std::future::ready(answer())
    };
    let routes = Router::new().route("/2015-03-31/functions/F/invocations", post(run));
    runtime.spawn(async { axum::serve(listener, routes).await.unwrap() });
    (url, count, runtime)
}

#[test]
fn other_peoples_functions_answer_and_the_next_one_when_the_first_is_gone() {
    let speaks = |text: &'static str| {
        move || {
            let actions = json!([{"Type": "Speak", "Parameters": {"Text": text}}, {"Type": "Hangup", "Parameters": {"SipResponseCode": "200"}}]);
            (StatusCode::OK, json!({"SchemaVersion": "1.0", "Actions": actions}).to_string())
        }
    };
    let (primary, first_count, first) = function(speaks("primary"));
    let (backup, _, _second) = function(speaks("backup"));
    let folder = scripts(BRIEF);
    let (one, other) = (format!("Primary={primary}"), format!("Backup={backup}"));
    let arguments =
        ["--scripts", folder.path().to_str().unwrap(), "--function", &one, "--function", &other];
    let simulator = Simulator::start(&arguments);
    lead(&simulator, &["Primary", "Backup"]);
    let story = dial(&simulator, "");
    assert!(story.contains("hears “primary”") && story.contains("rule 46"), "{story}");
    assert_eq!(*first_count.lock().unwrap(), 2);
    // It is killed, for real: nobody listens there any more.
    drop(first);
    let story = dial(&simulator, "");
    assert!(
        story.contains("hears “backup”") && story.contains("<-- no answer: http://"),
        "{story}"
    );
}

#[test]
fn a_function_in_aws_is_invoked_with_a_signed_request() {
    let seen = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&seen);
    let run = move |headers: axum::http::HeaderMap, body: String| {
        *keep.lock().unwrap() = Some((headers, body));
        let actions = json!([{"Type": "Speak", "Parameters": {"Text": "far away"}}, {"Type": "Hangup", "Parameters": {"SipResponseCode": "200"}}]);
        std::future::ready(json!({"SchemaVersion": "1.0", "Actions": actions}).to_string())
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().route("/2015-03-31/functions/Far/invocations", post(run));
    runtime.spawn(async { axum::serve(listener, routes).await.unwrap() });
    let folder = scripts(BRIEF);
    let arguments = ["--scripts", folder.path().to_str().unwrap(), "--function", "Far=lambda:Far"];
    let simulator =
        Simulator::start_with(&arguments, &credentials("AWS_ENDPOINT_URL_LAMBDA", &endpoint));
    lead(&simulator, &["Far"]);
    let story = dial(&simulator, "");
    assert!(story.contains("hears “far away”"), "{story}");
    let (headers, body) = seen.lock().unwrap().take().unwrap();
    let signed = headers["authorization"].to_str().unwrap();
    assert!(
        signed.starts_with("AWS4-HMAC-SHA256 ")
            && signed.contains("/us-east-1/lambda/aws4_request"),
        "{signed}"
    );
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["InvocationEventType"], "HANGUP");
}

#[test]
fn the_handlers_of_the_tutorial_answer_and_the_backup_when_the_first_is_killed() {
    let folder = scripts(BRIEF);
    let file = |name: &str| project("tests/tutorial").join(name).canonicalize().unwrap();
    let pid = |name: &str| folder.path().join(format!("{name}.pid"));
    let program = |name: &str| {
        let handler = folder.path().join(format!("{name}.cjs"));
        std::fs::copy(file(&format!("{name}.cjs")), &handler).unwrap();
        let client = file("runtime_client.mjs");
        format!(
            "{name}=run:node {} {} {}",
            client.display(),
            handler.display(),
            pid(name).display()
        )
    };
    let (primary, backup) = (program("primary"), program("backup"));
    let arguments = [
        "--scripts",
        folder.path().to_str().unwrap(),
        "--function",
        &primary,
        "--function",
        &backup,
    ];
    let simulator = Simulator::start(&arguments);
    lead(&simulator, &["primary", "backup"]);
    let story = dial(&simulator, "");
    assert!(
        story.contains("hears “Hello! This is a test call from Amazon Chime SDK PSTN Audio.”"),
        "{story}"
    );
    let first = std::fs::read_to_string(pid("primary")).unwrap();
    let kill = || Command::new("kill").args(["-9", &first]).status().unwrap().success();
    assert!(kill());
    // It is started again, as Lambda would do it.
    let story = dial(&simulator, "");
    assert!(story.contains("hears “Hello! This is a test call"), "{story}");
    // Until it cannot be any more.
    let first = std::fs::read_to_string(pid("primary")).unwrap();
    std::fs::remove_file(folder.path().join("primary.cjs")).unwrap();
    assert!(Command::new("kill").args(["-9", &first]).status().unwrap().success());
    let story = dial(&simulator, "");
    assert!(
        story.contains("hears “Hello! This is the backup handler")
            && story.contains("the program has ended: exit status: 1"),
        "{story}"
    );
}

#[test]
fn the_deployed_program_answers_two_hundred_calls_at_a_time() {
    let folder = scripts(BRIEF);
    let scripts = folder.path().to_str().unwrap();
    let program = format!("Handler=run:{}", harness::bootstrap().display());
    let mut simulator = Simulator::start_with(
        &["--scripts", scripts, "--function", &program],
        &[("MOONRING_SCRIPTS", scripts)],
    );
    lead(&simulator, &["Handler"]);
    let body = json!({"From": "+12065550142", "To": NUMBER}).to_string();
    let ids: Vec<_> = (0..200)
        .map(|_| {
            simulator.ask("POST", "/moonring/calls", body.clone()).1["TransactionId"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    for id in ids {
        let call = simulator.call(&id);
        let steps = call["Transcript"]["steps"].as_array().unwrap();
        assert_eq!(steps.len(), 2, "{call}");
        assert!(steps.iter().all(|step| step["error"].is_null()), "{call}");
        assert!(call["Story"].to_string().contains("hears “Hi”"), "{call}");
    }
    simulator.kill();
}

#[test]
fn a_function_that_answers_rubbish_or_errors_is_told_so() {
    let folder = scripts(&says("never"));
    for (status, body, expected) in [
        (StatusCode::OK, "no json", "INVALID_LAMBDA_RESPONSE SchemaVersionMismatch"),
        (StatusCode::INTERNAL_SERVER_ERROR, "boom", "500 Internal Server Error boom"),
        (StatusCode::TOO_MANY_REQUESTS, "", "The AWS Lambda function was throttled."),
        (StatusCode::FORBIDDEN, "", "Access denied while invoking the AWS Lambda function."),
    ] {
        let (url, _, _runtime) = function(move || (status, body.to_owned()));
        let named = format!("arn:aws:lambda:us-east-1:111122223333:function:Odd={url}");
        let arguments =
            ["--scripts", folder.path().to_str().unwrap(), "--function", &named, "--events"];
        let simulator = Simulator::start(&arguments);
        lead(&simulator, &["Odd"]);
        let story = dial(&simulator, "");
        assert!(story.contains(expected), "{expected}: {story}");
    }
}

#[test]
fn garbage_and_a_huge_body_are_refused_and_the_server_lives() {
    let folder = scripts(BRIEF);
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    assert_eq!(simulator.ask("POST", "/sip-rules", "{{{").0, 400);
    assert_eq!(simulator.ask("PATCH", "/nowhere", "").0, 404);
    let order =
        json!({"ProductType": "VoiceConnector", "E164PhoneNumbers": ["+99912345678"]}).to_string();
    let (status, refused) = simulator.ask("POST", "/phone-number-orders", order);
    assert!(
        status == 400 && refused.to_string().contains("E164PhoneNumbers is not valid"),
        "{refused}"
    );
    assert_eq!(simulator.ask("POST", "/meetings", vec![b'x'; 100 * 1024 * 1024]).0, 413);
    assert_eq!(simulator.ask("POST", "/moonring/calls", "[]").0, 400);
    assert_eq!(simulator.ask("GET", "/moonring/calls/none", "").0, 404);
    assert_eq!(simulator.ask("GET", "/phone-numbers", "").0, 200);
}

#[test]
fn what_cannot_be_served_is_named_and_exits_with_2() {
    let folder = scripts(BRIEF);
    let path = folder.path().to_str().unwrap();
    let simulator = Simulator::start(&["--scripts", path]);
    let port = simulator.endpoint.rsplit(':').next().unwrap().to_owned();
    let held = folder.path().join("held.json");
    let state = held.to_str().unwrap();
    let keeper = Simulator::start(&["--scripts", path, "--state", state]);
    lead(&keeper, &["Handler"]);
    let broken = folder.path().join("state.json");
    std::fs::write(&broken, "{").unwrap();
    for (arguments, expected) in [
        (
            vec!["--port", &port],
            format!("cannot listen on 127.0.0.1:{port}; choose another port with --port"),
        ),
        (
            vec!["--state", broken.to_str().unwrap()],
            "is not a state file of moonring serve; move it away".to_owned(),
        ),
        (vec!["--state", state], "another server is using".to_owned()),
        (
            vec!["--function", "F=ftp://x"],
            "wanted `scripts`, `run:PROGRAM ARGUMENTS`, `lambda:NAME` in AWS".to_owned(),
        ),
        (vec!["--function", "F=https://example.com/x"], "or a URL such as".to_owned()),
        (vec!["--account", "1"], "wanted 12 digits".to_owned()),
        (vec!["--scripts", "nowhere"], "nowhere is not a folder".to_owned()),
    ] {
        let mut command = Command::new(moonring());
        command
            .arg("serve")
            .args(["--scripts", path].iter().filter(|_| !arguments.contains(&"--scripts")))
            .args(&arguments);
        let output = command.current_dir(project(".")).env_clear().output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains(&expected),
            "{arguments:?}: {said}"
        );
    }
    assert_eq!(std::fs::read_to_string(&broken).unwrap(), "{");
}

#[test]
fn what_scripts_make_is_made_in_the_same_account() {
    let script = "return function(call)
      if call.direction == 'outbound' then
        call:say(`For {call.arguments.who}.`)
        return
      end
      local meeting = chime.create_meeting { token = 'room' }
      local attendee = chime.create_attendee { meeting_id = meeting.meeting_id }
      local id, err = chime.create_call { to = '+12065550177', arguments = { who = call.from } }
      log.info('made', { id = id, reason = err and err.message })
      call:say(`{meeting.external_meeting_id} {id or err.message}`)
      call:join_meeting(attendee)
    end";
    let folder = scripts(script);
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    lead(&simulator, &["Handler"]);
    let story = dial(&simulator, "wait 5 hangup");
    let id = story
        .split("hears “room ")
        .nth(1)
        .and_then(|rest| rest.split('”').next())
        .unwrap_or_else(|| panic!("{story}"));
    assert!(story.contains("LEG-B  joins the meeting"), "{story}");
    let made = simulator.call(id);
    assert!(made["Story"].to_string().contains("hears “For +12065550142.”"), "{made}");
}
