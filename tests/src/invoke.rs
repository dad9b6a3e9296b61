//! `moonring invoke`: cases in folders, and the ways to use it wrongly.
//!
//! A folder of `tests/invoke` is a release of scripts and a case: `event.json` goes in;
//! `answer.json` must come out, with what `stderr.txt` holds on standard error. `exit.txt` holds
//! the exit code where it is not 0, `args.txt` further arguments. An `event.txt` names a recorded
//! event instead of `event.json`.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use harness::{APOLOGY, S3, moonring, own, project, said, says};
use serde_json::Value;

fn invoke(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(moonring());
    command.arg("invoke").args(arguments).current_dir(project(".")).env_clear();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn check(folder: &Path) -> Result<(), String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let event = match read("event.txt") {
        Ok(name) => {
            std::fs::read_to_string(project("tests/events").join(format!("{}.json", name.trim())))
                .unwrap()
        }
        Err(_) => read("event.json").map_err(|error| format!("event.json: {error}"))?,
    };
    let arguments = read("args.txt").unwrap_or_default();
    let mut all = vec!["--scripts", folder.to_str().unwrap()];
    all.extend(arguments.split_whitespace());
    all.push("-");
    let output = invoke(&all, &event);
    let code: i32 = read("exit.txt").map_or(0, |code| code.trim().parse().unwrap());
    let (errors, wanted_errors) = (stderr(&output), read("stderr.txt").unwrap_or_default());
    if output.status.code() != Some(code) {
        return Err(format!(
            "exit {:?}, wanted {code}; standard error:\n{errors}",
            output.status.code()
        ));
    }
    if errors != wanted_errors {
        return Err(format!("standard error:\n{errors}wanted:\n{wanted_errors}"));
    }
    let answer: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("standard output: {error}"))?;
    let wanted: Value = serde_json::from_str(
        &read("answer.json").map_err(|error| format!("answer.json: {error}"))?,
    )
    .unwrap();
    // Its release changes with every letter of the case, so what the host keeps with the call is
    // looked at by other tests.
    let answer = own(&answer, &serde_json::from_str(&event).unwrap_or_default());
    if answer == wanted { Ok(()) } else { Err(format!("answer {answer:#}\nwanted {wanted:#}")) }
}

#[test]
fn every_case_gives_its_answer() {
    let mut folders: Vec<_> = std::fs::read_dir(project("tests/invoke"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 10, "found only {} cases", folders.len());
    let failures: Vec<_> = folders
        .iter()
        .filter_map(|folder| check(folder).err().map(|why| format!("{}: {why}", folder.display())))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn the_example_of_the_readme_works() {
    let output =
        invoke(&["--script", "greeter", "tests/events/NEW_INBOUND_CALL-none-basic.json"], "");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["Actions"][1]["Type"], "Hangup");
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn scripts_are_read_from_s3_too() {
    let s3 = S3::shared();
    s3.put("night.lua", &says("from s3"));
    let output = Command::new(moonring())
        .args([
            "invoke",
            "--scripts",
            &s3.location(),
            "--script",
            "night",
            "tests/events/NEW_INBOUND_CALL-none-basic.json",
        ])
        .current_dir(project("."))
        .env_clear()
        .envs([("AWS_ENDPOINT_URL", s3.endpoint.as_str()), ("AWS_REGION", "us-east-1")])
        .envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("from s3"));
}

#[test]
fn what_cannot_be_used_is_named_and_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, "{\"a\": ").unwrap();
    let broken = broken.to_str().unwrap();
    let wanted = "wanted an event as the service sends it, such as {\"SchemaVersion\": \"1.0\", \"InvocationEventType\": \"NEW_INBOUND_CALL\", \"CallDetails\": {…}}";
    for (arguments, input, expected) in [
        (vec!["no.json"], "", "error: cannot read the event from no.json: No such file or directory (os error 2)\n".to_owned()),
        (vec![broken], "", format!("error: {broken}: the event is not JSON: EOF while parsing a value at line 1 column 6\n")),
        (vec!["-"], "[1]", format!("error: -: the event is not a JSON object; {wanted}\n")),
        (vec!["-"], "{\"a\": 1}", format!("error: -: the event has no InvocationEventType; {wanted}\n")),
        (vec!["-"], "{\"InvocationEventType\": \"HANGUP\"}", format!("error: -: the event has no CallDetails; {wanted}\n")),
        (
            vec!["--scripts", "nowhere", "-"],
            "{}",
            "error: nowhere is not a folder; say where the scripts are with --scripts DIR\n".to_owned(),
        ),
        (
            vec!["--scripts", "ftp://x", "-"],
            "{}",
            "error: the location of the scripts cannot be used: `ftp://x` is not a location the host can read; wanted a folder or s3://bucket/prefix\n".to_owned(),
        ),
    ] {
        let output = invoke(&arguments, input);
        assert_eq!((output.status.code(), stderr(&output)), (Some(2), expected), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
    let output = invoke(&["--scirpts", "x"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("'--scripts'"), "{}", stderr(&output));
}

#[test]
fn a_script_that_is_stuck_is_answered_over_its_head() {
    let folder = tempfile::tempdir().unwrap();
    let stuck = "local a, b, t = string.rep('x', 4e6) .. 'a', string.rep('x', 4e6) .. 'b', {} for i = 1, 2e5 do t[i] = i % 2 == 0 and a or b end table.sort(t)";
    std::fs::write(
        folder.path().join("main.lua"),
        format!("return {{ default = function() {stuck} end }}"),
    )
    .unwrap();
    let output = invoke(
        &[
            "--scripts",
            folder.path().to_str().unwrap(),
            "tests/events/NEW_INBOUND_CALL-none-basic.json",
        ],
        "",
    );
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said(&answer), APOLOGY);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output)
            .starts_with("error: the script was inside a single call of a library function"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let arguments = ["invoke", "tests/events/NEW_INBOUND_CALL-none-basic.json"];
    let output = Command::new(moonring())
        .args(arguments)
        .current_dir(project("."))
        .env_clear()
        .stdout(full)
        .stderr(Stdio::piped())
        .output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output),
        "error: cannot write to standard output: No space left on device (os error 28)\n"
    );
}

#[test]
fn help_has_examples_and_exit_codes() {
    let output = invoke(&["--help"], "");
    let help = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{help}");
}
