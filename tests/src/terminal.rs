//! A call in a real terminal: the prompt, editing, history, completion, colors, and what is said
//! after the call.

use std::io::Write as _;
use std::process::{Command, Stdio};

use harness::{moonring, project};
use serde_json::json;

/// What a terminal shows while somebody waits for texts and types.
fn terminal(arguments: &[&str], steps: &[(&str, &str)]) -> String {
    let steps: Vec<_> =
        steps.iter().map(|(until, keys)| json!({"until": until, "type": keys})).collect();
    let command = [&[moonring().to_str().unwrap(), "call"], arguments].concat();
    let plan = json!({"command": command, "folder": project("."), "steps": steps});
    let mut child = Command::new("python3")
        .arg(project("tests/terminal.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(plan.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const MENU: &str = "-- Asks until the caller leaves.
return function(call)
  while call:ask { say = 'A digit?', max = 1, tries = 1, timeout = 30 } do
    call:say('Thank you.')
  end
end";

#[test]
fn a_line_is_edited_completed_and_called_up_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), MENU).unwrap();
    let path = folder.path().to_str().unwrap();
    let shown = terminal(
        &[path],
        &[
            ("hears “A digit?”", "?\r"),
            // A slip, and Backspace.
            ("this list", "12\u{7f}\r"),
            ("presses 1", ""),
            ("hears “Thank you.”", ""),
            // Up is what was typed last.
            ("hears “A digit?”", "\u{1b}[A\r"),
            ("presses 1", ""),
            ("hears “A digit?”", "dance\r"),
            ("`dance` is unknown", "han\t\r"),
            ("LEG-A  ends", ""),
            ("Press Enter to call again", "1\r"),
            ("The call is over, so `1` does nothing.", "\r"),
            ("hears “A digit?”", "q\r"),
            ("Press Enter to call again", "q\r"),
        ],
    );
    assert!(shown.contains("> "), "{shown}");
    assert!(shown.contains("\u{1b}[36m"), "what is heard has a color: {shown}");
    assert!(!shown.contains("presses 2"), "{shown}");
    assert_eq!(shown.matches("is connected").count(), 2, "{shown}");
}

#[test]
fn the_end_of_the_terminal_is_the_end_of_the_call() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.lua"), MENU).unwrap();
    let path = folder.path().to_str().unwrap();
    for end in ["\u{4}", "\u{3}"] {
        let shown = terminal(&[path], &[("hears “A digit?”", end)]);
        assert!(shown.contains("LEG-A  ends"), "{shown}");
    }
}
