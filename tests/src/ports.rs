//! Lines of other platforms, written anew with the standard modules: their specs hold, and nothing is found in them.

use std::process::Command;

use harness::{moonring, project};
use serde_json::Value;

fn report(arguments: &[&str]) -> Value {
    let folder = project("tests/ports");
    let output =
        Command::new(moonring()).args(arguments).current_dir(folder).env_clear().output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_they_did_elsewhere_they_do_here() {
    let report = report(&["test", "--scripts", ".", "--coverage", "--json"]);
    assert_eq!(report["coverage"]["percent"], 100.0, "{report}");
    for port in ["freeswitch_menu", "asterisk_office", "studio_apartments"] {
        let found = report.to_string();
        assert!(found.contains(&format!("{port}.spec.lua")), "{port} has tests: {found}");
    }
}

#[test]
fn no_finding_of_check_or_explore_is_in_them() {
    report(&["check", "--scripts", ".", "--json"]);
    let explored = report(&["explore", "--scripts", ".", "--json"]);
    let findings = explored["findings"].as_array().unwrap();
    let loud: Vec<&Value> =
        findings.iter().filter(|finding| finding["severity"] != "note").collect();
    assert!(loud.is_empty(), "{loud:?}");
}
