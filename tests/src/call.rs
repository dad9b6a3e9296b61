//! `moonring call`: what a caller sees, as screens; and what is typed at a telephone.
//!
//! Each folder of `tests/call` is a case: `args.txt` is the command line, `screen.txt` what it
//! prints, `exit.txt` the exit code where it is not 0. The scripts are its own, or those of the
//! project. `UPDATE_EXPECT=1` writes the screens anew.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use harness::{moonring, project};
use serde_json::Value;

use crate::screen_cases::{every_case, text};

fn call(arguments: &[&str]) -> Command {
    let mut command = Command::new(moonring());
    command.arg("call").args(arguments).current_dir(project(".")).env_clear().stdin(Stdio::null());
    command
}

/// What a call of a case prints.
fn run(folder: &Path, arguments: &[String]) -> Output {
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let path = folder.display().to_string();
    if folder.join("main.lua").exists() {
        arguments.extend(["--scripts", &path]);
    }
    call(&arguments).output().unwrap()
}

#[test]
fn every_call_shows_its_screen() {
    every_case("tests/call", 25, &run);
}

/// A call in real time, with these lines typed one after the other, each once the one before was
/// read.
fn typed(arguments: &[&str], lines: &[&str]) -> Output {
    let mut child = call(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keyboard = child.stdin.take().unwrap();
    for line in lines {
        writeln!(keyboard, "{line}").unwrap();
    }
    drop(keyboard);
    child.wait_with_output().unwrap()
}

#[test]
fn what_is_typed_is_done_and_a_terminal_that_goes_away_hangs_up() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return {
      new_inbound_call = function() return action.pause { duration_in_milliseconds = 60000 } end,
      call_update_requested = function(event) return action.speak { text = 'updated ' .. event.ActionData.Parameters.Arguments.room } end,
      default = function() end }";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let scripts = folder.path().to_str().unwrap();
    let output = typed(
        &["--scripts", scripts],
        &["1", "dance", "callee sing", "update room", "update room=blue"],
    );
    let (shown, said) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{shown}{said}");
    assert!(shown.starts_with("+12065550142 calls +14255550117\n"), "{shown}");
    assert!(shown.contains("presses 1, but nothing is listening"), "{shown}");
    assert!(shown.contains("hears “updated blue”  (main.lua:3)"), "{shown}");
    assert!(shown.ends_with("LEG-A  ends\n"), "{shown}");
    for line in [
        "error: `dance` is unknown",
        "error: `sing` is unknown; wanted answer, busy, ignore, or what the callee does",
        "error: update: `room` is not NAME=VALUE; wanted pairs such as agent=+12065550101",
    ] {
        assert!(said.contains(line), "{said}");
    }
}

#[test]
fn a_call_can_be_kept_and_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("call.json");
    let output =
        call(&["meeting", "--keys", "12345# wait 5 hangup", "--trace", trace.to_str().unwrap()])
            .output()
            .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let kept: Value = serde_json::from_slice(&std::fs::read(&trace).unwrap()).unwrap();
    assert_eq!(kept["steps"].as_array().unwrap().len(), 4);
    let replayed = Command::new(moonring())
        .args(["replay", "--script", "meeting"])
        .arg(&trace)
        .current_dir(project("."))
        .env_clear()
        .output()
        .unwrap();
    assert_eq!((replayed.status.code(), text(&replayed.stdout)), (Some(0), String::new()));
    assert!(text(&replayed.stderr).ends_with("4 events, no differences\n"));
}

#[test]
fn what_cannot_be_called_is_named_and_exits_with_2() {
    for (arguments, expected) in [
        (
            vec!["nosuch", "--keys", ""],
            "there is no script or folder `nosuch`; wanted a path, or the name of a script in scripts",
        ),
        (vec!["greter", "--keys", ""], "; did you mean `greeter`?"),
        (
            vec!["--keys", "", "--at", "soon"],
            "--at: soon is not a time; wanted a date and time such as '2026-12-25 09:00'",
        ),
        (vec!["--keys", "", "--zone", "UTC"], "--zone says how --at is read; give --at too"),
        (vec!["--keys", "", "--at", "09:00", "--zone", "UTX"], "the zone `UTX` is unknown"),
        (
            vec!["--keys", "", "--outbound", "--pickup", "later"],
            "`later` is unknown; wanted answer, busy or never",
        ),
        (vec!["--keys", "", "--replies", "nowhere.json"], "cannot read nowhere.json"),
        (vec!["--from", "+1911"], "wanted a number in E.164, such as +12065550100"),
        (vec!["--keys", "12x"], "error: `12x` is unknown; wanted digits"),
        (
            vec!["--fail", "Dance=SystemException", "--keys", ""],
            "the service has no action `Dance`",
        ),
        (vec!["--fail", "Speak", "--keys", ""], "wanted NAME=VALUE"),
        (vec!["--argument", "a=b"], "--outbound"),
        (vec!["--update", "8 a=b"], "--keys"),
        (
            vec!["--keys", "1", "--update", "8 agent"],
            "`agent` is not NAME=VALUE; wanted pairs such as agent=+12065550101",
        ),
        (vec!["--keys", "1", "--update", "8"], "wanted pairs such as agent=+12065550101"),
        (
            vec!["--keys", "1", "--update", "-1 agent=7"],
            "wanted the seconds first, such as '8 agent=+12065550101'",
        ),
        (
            vec!["--keys", "1", "--callee", ""],
            "wanted answer, busy, ignore, or what the callee does",
        ),
        (vec!["--keys", "1", "--callee", "wait"], "`wait` needs seconds, such as `wait 5`"),
        (vec!["--scripts", "nowhere"], "error: nowhere is not a folder"),
        (
            vec!["greeter", "--keys", "", "--trace", "/nowhere/call.json"],
            "error: cannot write /nowhere/call.json",
        ),
    ] {
        let output = call(&arguments).output().unwrap();
        let said = text(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains(expected),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn a_call_is_written_as_sound_in_which_prompts_and_silences_can_be_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let script =
        "return function(call) call:say('Hello, and welcome.') call:pause(2) call:say('Bye.') end";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let wav = folder.path().join("call.wav");
    let (scripts, path) = (folder.path().to_str().unwrap(), wav.to_str().unwrap());
    // Without a voice on the path prompts are a hum, as long as their letters.
    let mut command = call(&[scripts, "--keys", "!5 wait 9", "--wav", path]);
    let output = command.env("PATH", folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("espeak-ng is not installed"),
        "{}",
        text(&output.stderr)
    );
    let bytes = std::fs::read(&wav).unwrap();
    assert_eq!(&bytes[..4], b"RIFF");
    let samples: Vec<i16> =
        bytes[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    // What the caller hears is on the left, what they press on the right; a tenth has 800 samples.
    let sounds = |channel: usize, tenth: usize| {
        let part = samples.chunks_exact(2).skip(tenth * 800).take(800);
        part.map(|frame| frame[channel].unsigned_abs()).max().unwrap() > 500
    };
    assert!(sounds(0, 2) && !sounds(0, 25) && sounds(0, 37), "prompts on the left");
    assert!(sounds(1, 5) && !sounds(1, 8), "keys on the right");
}
