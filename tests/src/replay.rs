//! `moonring replay`: the recorded calls of six published handlers, and what is told of a difference.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use harness::{moonring, project};
use serde_json::{Value, json};

fn replay(arguments: &[&str]) -> Output {
    let mut command = Command::new(moonring());
    command.arg("replay").args(arguments).current_dir(project(".")).env_clear();
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The recorded calls of a handler. They are other people's work and lie outside of the project, where they lie at all.
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
            let paths = [transcript.to_str().unwrap(), scripts.to_str().unwrap(), out.to_str().unwrap()];
            let output = replay(&[paths[0], "--scripts", paths[1], "--out", paths[2]]);
            assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
            // A second judge, which came with the records.
            let judge = project("../shared/samples/compare.py");
            let judged = Command::new("python3").arg(judge).args([paths[0], paths[2], "--api"]).output().unwrap();
            assert!(judged.status.success(), "{}", text(&judged.stdout));
            calls += 1;
        }
    }
    let is_there = project("../shared/samples").exists();
    assert_eq!(calls, if is_there { 24 } else { 0 });
}

/// A transcript of one new call, with this answer.
fn transcript(folder: &Path, response: &Value) -> PathBuf {
    let event: Value = serde_json::from_str(
        &std::fs::read_to_string(project("tests/events/NEW_INBOUND_CALL-none-basic.json")).unwrap(),
    )
    .unwrap();
    let path = folder.join("call.json");
    let calls = json!([{"operation": "dynamodb:GetItem", "input": {"Key": "k"}, "output": {"Item": {"text": "from the table"}}}]);
    let steps = json!([{"event": event, "now_ms": 1_718_036_405_907_u64, "api_calls": calls, "response": response}]);
    std::fs::write(&path, json!({"handler": "x", "env": {"word": "hello"}, "steps": steps}).to_string()).unwrap();
    path
}

#[test]
fn a_difference_is_told_with_both_sides_and_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return { new_inbound_call = function(event, call)
      local reply, err = aws.json { service = 'dynamodb', operation = 'GetItem', input = { Key = 'k' } }
      return action.speak { text = config.word .. ', ' .. (reply and reply.Item.text or err.message) .. os.date(' %H:%M') }
    end }";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let answer =
        |text: &str| json!({"SchemaVersion": "1.0", "Actions": [{"Type": "Speak", "Parameters": {"Text": text}}]});
    let scripts = folder.path().to_str().unwrap().to_owned();
    let same = transcript(folder.path(), &answer("hello, from the table 16:20"));
    let output = replay(&[same.to_str().unwrap(), "--scripts", &scripts]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), String::new()), "{}", text(&output.stderr));

    let other = transcript(folder.path(), &answer("good night"));
    let path = other.to_str().unwrap();
    let output = replay(&[path, "--scripts", &scripts]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        shown.starts_with(&format!("{path}: step 1, NEW_INBOUND_CALL: the answer differs\n  recorded  {{")),
        "{shown}"
    );
    assert!(
        shown.contains("good night") && shown.contains("from the table") && shown.ends_with("built at  main.lua:3\n")
    );
    let output = replay(&[path, "--scripts", &scripts, "--json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&result["same"], &result["calls"][0]["differences"][0]["step"]), (&json!(false), &json!(1)));

    std::fs::write(folder.path().join("main.lua"), script.replace("GetItem", "PutItem")).unwrap();
    let output = replay(&[path, "--scripts", &scripts]);
    assert!(text(&output.stdout).contains("no reply to dynamodb:PutItem is recorded"), "{}", text(&output.stdout));
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
        ("{\"handler\": \"x\", \"steps\": []}", "it has no steps"),
        ("[]", "it is no transcript"),
    ] {
        std::fs::write(broken, content).unwrap();
        let output = replay(&[good, broken]);
        let said = text(&output.stderr);
        assert!(said.starts_with("error: ") && said.contains(broken) && said.contains(expected), "{said}");
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()));
        assert_eq!(replay(&[broken, "--out", out]).status.code(), Some(2));
        assert!(!Path::new(out).exists());
    }
    let output = replay(&["nowhere.json"]);
    assert!(text(&output.stderr).starts_with("error: cannot read nowhere.json: "), "{}", text(&output.stderr));
    let output = replay(&[good, good, "--out", out]);
    assert_eq!(text(&output.stderr), "error: --out takes what one call does now; got 2 transcripts\n");
}
