//! `moonring replay`: the recorded calls of six published handlers, and what is no transcript.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use harness::{Proxy, S3, Simulator, Tables, Web, moonring, project};
use serde_json::{Value, json};

pub(crate) fn replay(arguments: &[&str]) -> Output {
    let mut command = Command::new(moonring());
    command.arg("replay").args(arguments).current_dir(project(".")).env_clear();
    command.output().unwrap()
}

pub(crate) fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The recorded calls of a handler. They are other people's work and lie outside of the project,
/// where they lie at all.
fn recorded(handler: &str) -> Vec<PathBuf> {
    let folder = project("../shared/samples").join(handler);
    let files = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect()
}

#[test]
fn six_published_handlers_answer_in_lua_as_they_were_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let mut calls = 0;
    for entry in std::fs::read_dir(project("tests/samples")).unwrap() {
        let scripts = entry.unwrap().path();
        let handler = scripts.file_name().unwrap().to_str().unwrap().to_owned();
        for transcript in recorded(&handler) {
            let out = folder.path().join("now.json");
            let paths =
                [transcript.to_str().unwrap(), scripts.to_str().unwrap(), out.to_str().unwrap()];
            let output = replay(&[paths[0], "--scripts", paths[1], "--out", paths[2]]);
            assert_eq!(
                output.status.code(),
                Some(0),
                "{}{}",
                text_of(&output.stdout),
                text_of(&output.stderr)
            );
            // A second judge, which came with the records.
            let judge = project("../shared/samples/compare.py");
            let judged = Command::new("python3")
                .arg(judge)
                .args([paths[0], paths[2], "--api"])
                .output()
                .unwrap();
            assert!(judged.status.success(), "{}", text_of(&judged.stdout));
            calls += 1;
        }
    }
    let is_there = project("../shared/samples").exists();
    assert_eq!(calls, if is_there { 24 } else { 0 });
}

/// What the tables hold when a recorded call begins: what was first found of each item.
fn found_first(transcript: &Value) -> Vec<(&str, &Value)> {
    let calls = transcript["steps"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|step| step["api_calls"].as_array().unwrap());
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for call in calls.filter(|call| call["operation"] == "dynamodb:GetItem") {
        if !seen.contains(&&call["input"]["Key"]) {
            seen.push(&call["input"]["Key"]);
            found.extend(
                call["output"]
                    .get("Item")
                    .map(|item| (call["input"]["TableName"].as_str().unwrap(), item)),
            );
        }
    }
    found
}

#[test]
fn six_published_handlers_ask_for_real_what_they_asked_when_they_were_recorded() {
    let (s3, web, folder) = (S3::shared(), Web::start(), tempfile::tempdir().unwrap());
    let (tables, proxy) = (Tables::beside(&s3), Proxy::start(&s3.endpoint));
    std::fs::write(folder.path().join("main.lua"), "return { default = function() end }").unwrap();
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    let (mut calls, mut asked) = (0, 0);
    for entry in std::fs::read_dir(project("tests/samples")).unwrap() {
        let scripts = entry.unwrap().path();
        for path in recorded(scripts.file_name().unwrap().to_str().unwrap()) {
            let text = std::fs::read_to_string(&path).unwrap();
            // The meeting is there.
            let (_, meeting) = simulator.ask(
                "POST",
                "/meetings",
                json!({"ClientRequestToken": format!("replay-{calls}"), "ExternalMeetingId": "browser", "MediaRegion": "us-east-1"}).to_string(),
            );
            let meeting = meeting["Meeting"]["MeetingId"].as_str().unwrap().to_owned();
            let text = text.replace("meeting-9", &meeting);
            let transcript: Value = serde_json::from_str(&text).unwrap();
            let (here, out) = (folder.path().join("call.json"), folder.path().join("now.json"));
            std::fs::write(&here, &text).unwrap();
            for (name, key) in [
                ("departments", "department_name"),
                ("callInfo", "phoneNumber"),
                ("forwarding", "dialed_number"),
            ] {
                tables.make(name, key);
            }
            found_first(&transcript).iter().for_each(|(table, item)| tables.put(table, item));
            // What failed then fails now.
            let fails = |code: &str| text.contains(&format!("\"code\": \"{code}\""));
            proxy.fail(if fails("ProvisionedThroughputExceededException") { 1..100 } else { 0..0 });
            let lex = if fails("ResourceNotFoundException") {
                "refuses/ResourceNotFoundException"
            } else {
                ""
            };

            let mut command = Command::new(moonring());
            command.args([
                "replay",
                here.to_str().unwrap(),
                "--live",
                "--scripts",
                scripts.to_str().unwrap(),
                "--out",
                out.to_str().unwrap(),
            ]);
            command.current_dir(project(".")).env_clear().envs([
                ("AWS_REGION", "us-east-1"),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
                ("AWS_ENDPOINT_URL", &proxy.endpoint),
                ("AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS", &simulator.endpoint),
                (
                    "AWS_ENDPOINT_URL_RUNTIME_V2_LEX",
                    &format!("https://localhost:{}/{lex}", web.port),
                ),
                ("SSL_CERT_FILE", &web.certificate),
                ("MOONRING_AWS_ALLOW", "dynamodb:*, lexv2-runtime:PutSession"),
            ]);
            let output = command.output().unwrap();
            assert_eq!(
                output.status.code(),
                Some(0),
                "{}{}",
                text_of(&output.stdout),
                text_of(&output.stderr)
            );
            let judge = project("../shared/samples/compare.py");
            let judged = Command::new("python3")
                .arg(judge)
                .args([&here, &out])
                .arg("--api")
                .output()
                .unwrap();
            assert!(judged.status.success(), "{}", text_of(&judged.stdout));

            // It was asked, and what was asked for has come about.
            let now: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
            let now: Vec<&Value> = now["steps"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|step| step["api_calls"].as_array().unwrap())
                .collect();
            let has =
                |operation: &str| now.iter().filter(|call| call["operation"] == operation).count();
            let is_there = simulator.ask("GET", &format!("/meetings/{meeting}"), "").0 == 200;
            assert_eq!(
                is_there,
                has("chime-sdk-meetings:DeleteMeeting") == 0,
                "{}",
                path.display()
            );
            assert_eq!(
                has("dynamodb:UpdateItem"),
                tables
                    .items("callInfo")
                    .iter()
                    .filter(|item| item.get("extension").is_some())
                    .count()
            );
            for call in now.iter().filter(|call| call["operation"] == "lexv2-runtime:PutSession") {
                let came = call["output"]["path"].as_str().unwrap_or_default();
                assert_eq!(
                    came.starts_with(
                        "/bots/BOT1234567/botAliases/ALIAS12345/botLocales/en_US/sessions/"
                    ),
                    lex.is_empty(),
                    "{call}"
                );
            }
            calls += 1;
            asked += now.len();
        }
    }
    let is_there = project("../shared/samples").exists();
    assert_eq!((calls, asked), if is_there { (24, 30) } else { (0, 0) });
}

/// A transcript of one new call, with this answer.
pub(crate) fn transcript(folder: &Path, response: &Value) -> PathBuf {
    let event: Value = serde_json::from_str(
        &std::fs::read_to_string(project("tests/events/NEW_INBOUND_CALL-none-basic.json")).unwrap(),
    )
    .unwrap();
    let path = folder.join("call.json");
    let calls = json!([{"operation": "dynamodb:GetItem", "input": {"Key": "k"}, "output": {"Item": {"text": "from the table"}}}]);
    let steps = json!([{"event": event, "now_ms": 1_718_036_405_907_u64, "api_calls": calls, "response": response}]);
    std::fs::write(
        &path,
        json!({"handler": "x", "env": {"word": "hello"}, "steps": steps}).to_string(),
    )
    .unwrap();
    path
}

#[test]
fn a_replay_claims_nothing_of_the_call_that_was() {
    let (folder, s3) = (tempfile::tempdir().unwrap(), S3::shared());
    let script = "return { new_inbound_call = function()
      local reply, err = aws.json { service = 'dynamodb', operation = 'GetItem', input = { Key = 'k' } }
      aws.json { service = 'dynamodb', operation = 'PutItem', input = { Item = 'i' } }
      return action.speak { text = reply.Item.text }
    end }";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let answer = json!({"SchemaVersion": "1.0", "Actions": [{"Type": "Speak", "Parameters": {"Text": "from the table"}}]});
    let path = transcript(folder.path(), &answer);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut recorded: Value = serde_json::from_str(&text).unwrap();
    let put = json!({"operation": "dynamodb:PutItem", "input": {"Item": "i"}, "output": {}});
    recorded["steps"][0]["api_calls"].as_array_mut().unwrap().push(put);
    std::fs::write(&path, recorded.to_string()).unwrap();
    let journal = s3.location();
    for _ in 0..2 {
        let mut command = Command::new(moonring());
        command.args([
            "replay",
            path.to_str().unwrap(),
            "--scripts",
            folder.path().to_str().unwrap(),
        ]);
        command.current_dir(project(".")).env_clear().envs([
            ("MOONRING_JOURNAL", journal.as_str()),
            ("AWS_ENDPOINT_URL", &s3.endpoint),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
        ]);
        let output = command.output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}{}",
            text_of(&output.stdout),
            text_of(&output.stderr)
        );
    }
    assert_eq!(s3.names(), Vec::<String>::new());
}

#[test]
fn what_is_no_transcript_is_named_before_anything_is_run_or_written() {
    let folder = tempfile::tempdir().unwrap();
    let good = transcript(folder.path(), &json!({}));
    let good = good.to_str().unwrap();
    let broken = folder.path().join("broken.json");
    let broken = broken.to_str().unwrap();
    let out = folder.path().join("out.json");
    let out = out.to_str().unwrap();
    for (content, expected) in [
        ("{", "EOF while parsing an object"),
        ("{\"handler\": \"x\", \"steps\": []}", "the transcript has no steps"),
        ("[]", "not a transcript"),
    ] {
        std::fs::write(broken, content).unwrap();
        let output = replay(&[good, broken]);
        let said = text_of(&output.stderr);
        assert!(
            said.starts_with("error: ") && said.contains(broken) && said.contains(expected),
            "{said}"
        );
        assert_eq!((output.status.code(), text_of(&output.stdout)), (Some(2), String::new()));
        assert_eq!(replay(&[broken, "--out", out]).status.code(), Some(2));
        assert!(!Path::new(out).exists());
    }
    let output = replay(&["nowhere.json"]);
    assert!(
        text_of(&output.stderr).starts_with("error: cannot read nowhere.json: "),
        "{}",
        text_of(&output.stderr)
    );
    let output = replay(&[good, good, "--out", out]);
    assert_eq!(text_of(&output.stderr), "error: --out takes one transcript; got 2 transcripts\n");
}

#[test]
fn one_changed_comma_is_one_difference() {
    let flow = "return function(call)
  call:say('Welcome to Acme.')
  local choice = call:menu { say = 'For sales press 1.', options = { ['1'] = 'sales' } }
  call:say('You chose ' .. choice .. '.')
  local digits = call:ask { say = 'Your number?', max = 2 }
  call:say('Thank you, ' .. digits .. '.')
end";
    let handlers = "return {
  new_inbound_call = function() return { action.speak { text = 'Welcome to Acme.' }, action.pause { duration_in_milliseconds = 500 } } end,
  action_successful = function(event)
    if event.ActionData.Type == 'Pause' then return { action.speak { text = 'For sales press 1.' } } end
    return action.hangup {}
  end,
  default = function() end }";
    for script in [flow, handlers] {
        let folder = tempfile::tempdir().unwrap();
        let (scripts, trace) = (folder.path().join("scripts"), folder.path().join("call.json"));
        std::fs::create_dir(&scripts).unwrap();
        std::fs::write(scripts.join("main.lua"), script).unwrap();
        let run = |arguments: &[&str]| {
            let scripts = ["--scripts", scripts.to_str().unwrap()];
            Command::new(moonring()).args(arguments).args(scripts).env_clear().output().unwrap()
        };
        let trace = trace.to_str().unwrap();
        let keys = if script == flow { "1 42 wait 9" } else { "wait 9" };
        let called = run(&["call", "--keys", keys, "--trace", trace]);
        assert_eq!(called.status.code(), Some(0), "{}", String::from_utf8_lossy(&called.stderr));
        assert_eq!(run(&["replay", trace]).status.code(), Some(0));
        std::fs::write(
            scripts.join("main.lua"),
            script.replace("For sales press", "For sales, press"),
        )
        .unwrap();
        let replayed = run(&["replay", trace, "--json"]);
        let told: Value = serde_json::from_slice(&replayed.stdout).unwrap();
        assert_eq!(told["calls"][0]["differences"].as_array().unwrap().len(), 1, "{told:#}");
    }
}
