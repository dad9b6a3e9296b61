//! Slips: one folder each in `tests/slips`, with a script that has one, and `says.txt`, what the
//! author reads when the script is called: the place, what came, and the nearest right name.

use std::process::Command;

use harness::{moonring, project};

#[test]
fn every_slip_is_told_with_its_place_and_the_nearest_name() {
    let mut folders: Vec<_> = std::fs::read_dir(project("tests/slips"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 40, "found only {} slips", folders.len());
    let told = |folder: &std::path::PathBuf| {
        let output = Command::new(moonring())
            .args(["call", folder.to_str().unwrap(), "--keys", ""])
            .env_clear()
            .env("MOONRING_SCRIPT_DEADLINE_MS", "100")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let wanted = std::fs::read_to_string(folder.join("says.txt")).unwrap();
        let is_told =
            said.contains(wanted.trim_end()) && matches!(output.status.code(), Some(1 | 2));
        (!is_told).then(|| format!("{}: wanted {wanted}got {said}", folder.display()))
    };
    let failures: Vec<_> = folders.iter().filter_map(told).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
