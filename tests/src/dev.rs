//! `moonring dev` in a real browser, and its page's code without one: the tests are in tests/page,
//! for Node's own test runner.

use std::path::PathBuf;
use std::process::Command;

use harness::{moonring, project, say, test_packages};

/// Runs the tests of one file.
fn run(file: PathBuf) {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter", "spec"]).arg(&file);
    node.env("MOONRING", moonring()).env("MOONRING_TEST_PACKAGES", test_packages());
    let output = node.current_dir(project(".")).output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    // How long it takes from a save to the next call is shown, not judged alone.
    for line in shown.lines().filter(|line| line.contains("from save to")) {
        say(line.trim().trim_start_matches("ℹ "));
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}:\n{shown}\n{errors}", file.display());
}

#[test]
fn the_page_works_in_a_browser_and_its_code_without_one() {
    let folder = project("tests/page");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let is_test = |path: &PathBuf| path.to_string_lossy().ends_with(".test.mjs");
    let files: Vec<PathBuf> = entries.filter(is_test).collect();
    assert!(files.len() >= 4, "{files:?}");
    // One at a time: each has a browser of its own.
    files.into_iter().for_each(run);
}
