//! Cases that are a folder each: `args.txt` is the command line, `screen.txt` what it prints,
//! `exit.txt` the exit code where it is not 0. `UPDATE_EXPECT=1` writes the screens anew.

use std::path::{Path, PathBuf};
use std::process::Output;

use harness::project;

/// What runs a case: its folder, and the words of its command line.
pub(crate) type Run<'a> = &'a dyn Fn(&Path, &[String]) -> Output;

/// Runs every case of a folder, of which there are at least so many.
pub(crate) fn every_case(cases: &str, least: usize, run: Run<'_>) {
    let entries = std::fs::read_dir(project(cases)).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= least, "found only {} cases", folders.len());
    let failures: Vec<_> = folders
        .iter()
        .filter_map(|folder| {
            check(folder, run).err().map(|why| format!("{}: {why}", folder.display()))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What was printed for the caller, and behind it what was said beside.
fn screen(output: &Output) -> String {
    let (shown, said) = (text(&output.stdout), text(&output.stderr));
    // The key of a recording has the day and the leg's id in it.
    let is_recording = |word: &str| word.starts_with("s3://box/") && word.ends_with(".wav");
    let shown = shown.split_inclusive(char::is_whitespace).map(|word| {
        match is_recording(word.trim_end()) {
            true => "s3://box/….wav\n",
            false => word,
        }
    });
    let shown: String = shown.collect();
    if said.is_empty() { shown } else { format!("{shown}---\n{said}") }
}

/// Words of a command line, with single quotes around those that have spaces.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in line.trim().split('\'').enumerate() {
        match number % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

fn check(folder: &Path, run: Run<'_>) -> Result<(), String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let arguments = words(&read("args.txt").unwrap_or_default());
    let output = run(folder, &arguments);
    let (code, shown) = (output.status.code(), screen(&output));
    let wanted_code = read("exit.txt").map_or(0, |code| code.trim().parse().unwrap());
    if code != Some(wanted_code) {
        return Err(format!("exit {code:?}, wanted {wanted_code}:\n{shown}"));
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(folder.join("screen.txt"), &shown).unwrap();
    }
    let wanted = read("screen.txt").unwrap_or_default();
    if shown == wanted { Ok(()) } else { Err(format!("shown:\n{shown}wanted:\n{wanted}")) }
}
