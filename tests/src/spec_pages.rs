//! Pages about specs: their scripts and specs are saved, their commands run, and what these print
//! is what the page shows.

use std::process::Command;

use harness::{moonring, project};

use crate::screens::{blocks, missing};

/// Saves what a page says to save, runs what it says to run, and compares. How often it compared.
fn play(page: &str) -> usize {
    let text = std::fs::read_to_string(project(page)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("scripts")).unwrap();
    let mut printed = None;
    let mut compared = 0;
    for block in blocks(&text) {
        let first = block.text.lines().next().unwrap_or_default();
        match block.language {
            "lua" if first.starts_with("-- scripts/") => {
                let path = first.trim_start_matches("-- ");
                std::fs::write(folder.path().join(path), block.text).unwrap();
            }
            "sh" if block.text.lines().count() == 1 => {
                let words = first.split_whitespace().skip(1);
                let mut command = Command::new(moonring());
                command.args(words).current_dir(folder.path()).env_clear();
                let output = command.output().unwrap();
                printed = Some(String::from_utf8_lossy(&output.stdout).into_owned());
            }
            "text" => {
                let printed = printed.take().expect("a screen without a command");
                let missing = missing(block.text, &printed);
                assert_eq!(missing, None, "{page}:\n{printed}");
                compared += 1;
            }
            _ => {}
        }
    }
    compared
}

#[test]
fn the_tutorial_shows_what_is_printed() {
    assert_eq!(play("docs/tutorial/first-test.md"), 3);
}

#[test]
fn the_guide_shows_what_is_printed() {
    assert_eq!(play("docs/how-to/test.md"), 3);
}
