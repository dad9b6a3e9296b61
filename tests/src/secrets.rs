//! Keys that are typed in confidence: the script knows them, and nothing else shows them.

use std::process::Command;

use harness::{APOLOGY, Function, S3, moonring, new_call, said, until};
use serde_json::{Value, json};

use crate::flows::pressed;

const SCRIPT: &str = "return function(call)
  local pin = call:ask { say = 'Your PIN?', min = 4, max = 4, secret = true }
  log.info('typed ' .. pin, { pin = pin, number = tonumber(pin) })
  for number = 1, 200 do call:step('add', function() return number end) end
  local same = call:ask { say = if pin == '4929' then 'Right.' else 'Wrong.', max = 1 }
  log.info(`later {pin}`)
  storage.put('pins/' .. pin, { pin = pin })
  error('no more of ' .. pin)
end";

const OLD: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const NEW: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), SCRIPT).unwrap();
    folder
}

/// What is asked in an answer.
fn asked(answer: &Value) -> &str {
    answer["Actions"].as_array().unwrap().last().unwrap()["Parameters"]["SpeechParameters"]["Text"]
        .as_str()
        .unwrap_or_default()
}

#[test]
fn what_is_typed_in_confidence_is_in_no_log_attribute_or_object() {
    let (folder, s3) = (folder(), S3::shared());
    let journal = format!("{}/journals", s3.location());
    let settings = [
        ("MOONRING_SCRIPTS", folder.path().to_str().unwrap()),
        ("MOONRING_SECRET_KEY", NEW),
        ("MOONRING_STATE", &journal),
        ("MOONRING_JOURNAL_PAIRS", "1"),
        ("AWS_ENDPOINT_URL", &s3.endpoint),
        // Whoever wants to see what callers type does not see this.
        ("MOONRING_LOG_DIGITS", "true"),
        ("MOONRING_LOG_NUMBERS", "true"),
        ("MOONRING_LOG_LEVEL", "debug"),
    ];
    let functions = [Function::start(&settings), Function::start(&settings)];
    let (call, mut attributes) = (new_call(), Value::Null);
    let first = functions[0].invoke(&call).answer;
    let second = functions[0].invoke(&pressed(&call, &first, &mut attributes, "4929")).answer;
    assert_eq!(asked(&second), "Right.");
    // It went to S3, and another process has it from there.
    let third = functions[1].invoke(&pressed(&call, &second, &mut attributes, "1")).answer;
    assert_eq!(said(&third), APOLOGY);
    let objects: Vec<_> =
        s3.names().into_iter().filter(|name| name.starts_with("journals/")).collect();
    assert_eq!(objects.len(), 1, "{objects:?}");
    let line = until("the line", || {
        functions[1].event_lines().into_iter().find(|line| line["outcome"] == "fallback")
    });
    assert_eq!(line["error"], "no more of ****");
    assert!(line["path"].as_str().unwrap().ends_with("> step add > ask: ****"), "{line}");
    let logs: Vec<Value> = functions.iter().flat_map(Function::log).collect();
    assert!(logs.iter().any(|line| line["message"] == "typed ****"), "{logs:#?}");
    let mut texts = vec![serde_json::to_string(&logs).unwrap()];
    texts.extend([&first, &second, &third].map(Value::to_string));
    texts.extend(objects.iter().map(|name| String::from_utf8(s3.get(name)).unwrap()));
    for text in texts {
        assert!(!text.contains("4929"), "{text}");
    }
}

#[test]
fn a_key_is_changed_while_calls_are_on_the_line() {
    let folder = folder();
    let function = |key: &str| {
        Function::start(&[
            ("MOONRING_SCRIPTS", folder.path().to_str().unwrap()),
            ("MOONRING_SECRET_KEY", key),
        ])
    };
    let (call, mut attributes) = (new_call(), Value::Null);
    let old = function(OLD);
    let first = old.invoke(&call).answer;
    let second = old.invoke(&pressed(&call, &first, &mut attributes, "4929")).answer;
    let event = pressed(&call, &second, &mut attributes, "1");
    let both = function(&format!("{NEW},{OLD}"));
    both.invoke(&event);
    both.log_line("later ****");
    let new = function(NEW);
    assert_eq!(said(&new.invoke(&event).answer), APOLOGY);
    let line = until("the line", || {
        new.event_lines().into_iter().find(|line| line["reason"] == "mismatch")
    });
    assert!(line["error"].as_str().unwrap().starts_with(
        "a secret of this call was encrypted with a key that this host does not have"
    ));
}

#[test]
fn a_host_without_a_key_refuses_to_ask_and_says_what_to_do() {
    let folder = folder();
    let function = Function::start(&[("MOONRING_SCRIPTS", folder.path().to_str().unwrap())]);
    assert_eq!(said(&function.invoke(&new_call()).answer), APOLOGY);
    let line = until("the line", || {
        function.event_lines().into_iter().find(|line| line["outcome"] == "fallback")
    });
    let text = "call:ask: `secret` needs a key, and this host has none; set MOONRING_SECRET_KEY (make one with: openssl rand -hex 32)";
    assert_eq!((&line["error"], &line["line"]), (&json!(text), &json!(2)));
    let mut command = Command::new(harness::bootstrap());
    let output = command
        .env_clear()
        .env("MOONRING_SECRET_KEY", "12345678")
        .env("MOONRING_SCRIPTS", "x")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("MOONRING_SECRET_KEY") && !said.contains("12345678"), "{said}");
}

#[test]
fn the_local_program_shows_dots_on_the_screen_and_in_the_record() {
    let folder = folder();
    let record = folder.path().join("call.json");
    let mut command = Command::new(moonring());
    command.args([
        "call",
        "main",
        "--scripts",
        folder.path().to_str().unwrap(),
        "--keys",
        "4929 1",
    ]);
    let output = command.args(["--trace", record.to_str().unwrap()]).env_clear().output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let screen = text(&output.stdout) + &text(&output.stderr);
    assert!(screen.contains("presses •") && screen.contains("Right."), "{screen}");
    for text in [screen, std::fs::read_to_string(record).unwrap()] {
        assert!(!text.contains("4929"), "{text}");
    }
}

#[test]
fn the_key_is_read_from_where_it_is_kept_and_without_it_other_steps_go_on() {
    let (folder, s3) = (folder(), S3::shared());
    let keep = |arguments: &[&str]| {
        let mut cli = std::process::Command::new(harness::server_tools().join("aws"));
        cli.args(arguments).env_clear().env("AWS_ENDPOINT_URL", &s3.endpoint);
        cli.envs(harness::FUNCTION_VARIABLES).env("AWS_DEFAULT_REGION", "us-east-1");
        assert!(cli.output().unwrap().status.success(), "{arguments:?}");
    };
    let parameter = ["ssm", "put-parameter", "--name", "/secrets/key", "--type", "SecureString"];
    keep(&[&parameter[..], &["--value", NEW]].concat());
    keep(&["secretsmanager", "create-secret", "--name", "kept/key", "--secret-string", NEW]);
    let function = |key: &str| {
        Function::start(&[
            ("MOONRING_SCRIPTS", folder.path().to_str().unwrap()),
            ("MOONRING_SECRET_KEY", key),
            ("AWS_ENDPOINT_URL", &s3.endpoint),
        ])
    };
    let (call, mut attributes) = (new_call(), Value::Null);
    let first = function("ssm:/secrets/key").invoke(&call).answer;
    let event = pressed(&call, &first, &mut attributes, "4929");
    // The same key by another way.
    let second = function("secretsmanager:kept/key").invoke(&event).answer;
    assert_eq!(asked(&second), "Right.");
    std::fs::write(folder.path().join("main.lua"), harness::says("open")).unwrap();
    let without = function("ssm:/secrets/kye");
    assert_eq!(said(&without.invoke(&new_call()).answer), "open");
    let line = without.log_line("the secret key cannot be had from ssm:/secrets/kye");
    assert_eq!(line["level"], "ERROR");
}

#[test]
fn a_place_of_the_key_that_never_answers_keeps_nobody_waiting() {
    let folder = folder();
    std::fs::write(folder.path().join("main.lua"), harness::says("open")).unwrap();
    // Connections are taken by the listener's queue and never read.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", folder.path().to_str().unwrap()),
        ("MOONRING_SECRET_KEY", "ssm:/secrets/key"),
        ("AWS_ENDPOINT_URL", &format!("http://{}", silent.local_addr().unwrap())),
    ]);
    assert_eq!(said(&function.invoke(&new_call()).answer), "open");
    let line = function.log_line("the secret key cannot be had from");
    assert!(line["message"].as_str().unwrap().contains("it does not answer"), "{line}");
}
