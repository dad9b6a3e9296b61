//! Screens of the docs: where a page shows one call with `--keys` and what it prints, that is what
//! it prints, with the last script that stands above it on the page. A page may leave out lines,
//! and the end of a line behind `…`.

use std::path::Path;
use std::process::Command;

use harness::{moonring, project};

/// A fenced block of a page.
pub(crate) struct Block<'a> {
    pub(crate) language: &'a str,
    pub(crate) text: &'a str,
    /// The prose before it.
    before: &'a str,
}

pub(crate) fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut parts = page.split("```");
    let mut before = parts.next().unwrap_or_default();
    let mut found = Vec::new();
    while let Some(fenced) = parts.next() {
        let (language, text) = fenced.split_once('\n').unwrap_or((fenced, ""));
        found.push(Block { language, text, before });
        before = parts.next().unwrap_or_default();
    }
    found
}

/// What a command of a page prints, in a folder with this script.
fn printed(command: &str, script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("scripts")).unwrap();
    std::fs::write(folder.path().join("scripts/main.lua"), script).unwrap();
    let command = command.replace("cargo run -- ", "moonring ");
    let path = format!("{}:/usr/bin:/bin", moonring().parent().unwrap().display());
    let shell = format!("exec 2>&1; {command}");
    let output = Command::new("bash")
        .args(["-c", &shell])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", path)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The first line of a screen that was not printed, behind those before it.
pub(crate) fn missing<'a>(screen: &'a str, printed: &str) -> Option<&'a str> {
    let mut lines = printed.lines();
    screen.lines().filter(|line| !line.is_empty() && *line != "…").find(|wanted| {
        let is_it = |line: &str| match wanted.strip_suffix('…') {
            Some(beginning) => line.starts_with(beginning),
            None => line == *wanted,
        };
        !lines.any(is_it)
    })
}

/// The script as the prose changes it: "Misspell `invalid` as `invald`".
fn changed(script: &str, prose: &str) -> String {
    let change = prose.split("Misspell `").nth(1).and_then(|rest| {
        let (right, rest) = rest.split_once("` as `")?;
        Some((right.to_owned(), rest.split('`').next()?.to_owned()))
    });
    match change {
        Some((right, wrong)) => script.replacen(&right, &wrong, 1),
        None => script.to_owned(),
    }
}

fn check(page: &Path, failures: &mut Vec<String>) -> usize {
    let text = std::fs::read_to_string(page).unwrap();
    let blocks = blocks(&text);
    let (mut script, mut screens) = ("", 0);
    for pair in blocks.windows(2) {
        let [command, screen] = pair else { continue };
        if command.language == "lua" && command.text.contains("return function(call") {
            script = command.text;
        }
        let is_screen = command.language == "sh" && screen.language == "text";
        let is_one = command.text.lines().count() == 1 && command.text.contains("--keys");
        if !is_screen || !is_one || screen.before.trim().len() > 1 || script.is_empty() {
            continue;
        }
        screens += 1;
        let printed = printed(command.text.trim_end(), &changed(script, command.before));
        if let Some(line) = missing(screen.text, &printed) {
            failures.push(format!(
                "{}: {}: {line}\nprinted: {printed}",
                page.display(),
                command.text
            ));
        }
    }
    screens
}

#[test]
fn the_screens_of_the_pages_are_what_is_printed() {
    let mut failures = Vec::new();
    let mut screens = check(&project("README.md"), &mut failures);
    for kind in ["tutorial", "how-to", "reference"] {
        for entry in std::fs::read_dir(project("docs").join(kind)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "md") {
                screens += check(&path, &mut failures);
            }
        }
    }
    assert!(screens >= 4, "found only {screens} screens");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
