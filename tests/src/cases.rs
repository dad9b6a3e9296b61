//! Calls as people make them: a folder of `tests/cases` each, with a script, the commands, and what
//! is to be seen of them.
//!
//! In `case`, `run:` is a command of moonring; behind it come `wants:` and `never:`, which are
//! looked for in all that it prints, and `exit:`, its exit code.

use std::fs;
use std::path::Path;
use std::process::Command;

/// One command of a case.
#[derive(Default)]
struct Run {
    command: String,
    wants: Vec<String>,
    never: Vec<String>,
    exit: i32,
}

#[test]
fn every_case_plays_as_its_people_wanted() {
    let mut count = 0;
    let mut failures = Vec::new();
    for folder in fs::read_dir(harness::project("tests/cases")).unwrap() {
        let folder = folder.unwrap().path();
        for run in runs(&fs::read_to_string(folder.join("case")).unwrap()) {
            count += 1;
            failures.extend(play(&folder, &run));
        }
    }
    assert!(count > 15, "only {count} commands");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for line in text.lines() {
        let (word, rest) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
        match (word, runs.last_mut()) {
            ("about", None) => {}
            ("run", _) => runs.push(Run { command: rest.to_owned(), ..Run::default() }),
            ("wants", Some(run)) => run.wants.push(rest.to_owned()),
            ("never", Some(run)) => run.never.push(rest.to_owned()),
            ("exit", Some(run)) => run.exit = rest.parse().unwrap(),
            _ => panic!("{line}"),
        }
    }
    runs
}

/// What is wrong with a run, if anything.
fn play(folder: &Path, run: &Run) -> Option<String> {
    let moonring = harness::moonring();
    let output = Command::new("sh")
        .args(["-c", &format!("{} {} 2>&1", moonring.display(), run.command)])
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("MOONRING_AUDIO_BUCKET", "prompts")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let missing = run.wants.iter().filter(|text| !told.contains(text.as_str()));
    let missing = missing.map(|text| format!("no `{text}`"));
    let there = run.never.iter().filter(|text| told.contains(text.as_str()));
    let there = there.map(|text| format!("there is `{text}`"));
    let mut wrong: Vec<_> = missing.chain(there).collect();
    if output.status.code() != Some(run.exit) {
        wrong.push(format!("exit code {:?}, wanted {}", output.status.code(), run.exit));
    }
    let name = folder.file_name().unwrap_or_default().display();
    (!wrong.is_empty()).then(|| format!("{name}: {}: {}\n{told}", run.command, wrong.join(", ")))
}
