//! What a project says once: `moonring.toml`, `.env` and the environment, and how `moonring
//! settings` tells where each value comes from.

use std::path::Path;
use std::process::{Command, Output};

use harness::moonring;
use serde_json::Value;

/// A project with a script in `scripts`, and these files beside it.
fn project_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("scripts")).unwrap();
    let script =
        "return function(call) call:say(`{call.from} {config.stage} {time.at('UTC').time}`) end";
    std::fs::write(folder.path().join("scripts/main.lua"), script).unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(moonring());
    command.args(arguments).current_dir(folder).env_clear().envs(environment.iter().copied());
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const FILE: &str = "\
from = '+12065550199'
at = 2026-12-25T09:00:00
zone = 'UTC'

[settings]
MOONRING_CONFIG = { stage = 'file' }
MOONRING_HTTP_ALLOW = ['a.example', 'b.example']
MOONRING_MEMORY_MIB = 16

[profile.live]
from = '+12065550188'

[profile.live.settings]
MOONRING_CONFIG = { stage = 'live' }
";

#[test]
fn what_stands_nearer_to_the_command_counts() {
    let folder = project_with(&[("moonring.toml", FILE)]);
    let call = |folder: &Path, more: &[&str], environment: &[(&str, &str)]| {
        let output = run(folder, &[&["call", "--keys", ""], more].concat(), environment);
        let said = text(&output.stdout) + &text(&output.stderr);
        let heard = said.split('“').nth(1).and_then(|rest| rest.split('”').next());
        heard.unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    let place = folder.path();
    assert_eq!(call(place, &[], &[]), "+12065550199 file 09:00");
    assert_eq!(call(place, &["--profile", "live"], &[]), "+12065550188 live 09:00");
    std::fs::write(place.join(".env"), "MOONRING_CONFIG='{\"stage\": \"dotenv\"}'\n").unwrap();
    assert_eq!(call(place, &["--profile", "live"], &[]), "+12065550188 dotenv 09:00");
    let environment = [("MOONRING_CONFIG", "{\"stage\": \"environment\"}")];
    assert_eq!(call(place, &[], &environment), "+12065550199 environment 09:00");
    let flags = ["--from", "anonymous", "--at", "2026-12-25 10:30"];
    assert_eq!(call(place, &flags, &environment), "anonymous environment 10:30");
    // From a folder inside, and by a path from outside, the project is the same.
    assert_eq!(call(&place.join("scripts"), &[], &[]), "+12065550199 dotenv 09:00");
    let script = place.join("scripts/main.lua");
    let elsewhere = tempfile::tempdir().unwrap();
    let said = call(elsewhere.path(), &[script.to_str().unwrap()], &[]);
    assert_eq!(said, "+12065550199 dotenv 09:00");
}

#[test]
fn settings_say_where_each_comes_from_and_show_no_key() {
    let key = "00".repeat(32);
    let dot_env = format!("MOONRING_SECRET_KEY={key}\nMOONRING_ATTRIBUTES=12\n");
    let folder = project_with(&[("moonring.toml", FILE), (".env", &dot_env)]);
    let environment = [("MOONRING_MEMORY_MIB", "64")];
    let output = run(folder.path(), &["settings", "--json", "--profile", "live"], &environment);
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let row = |name: &str| {
        let row = rows.iter().find(|row| row["name"] == name).unwrap();
        let part = |part: &str| row[part].as_str().unwrap().to_owned();
        [part("value"), part("from")]
    };
    assert_eq!(row("scripts"), ["scripts", "default"]);
    assert_eq!(row("at"), ["2026-12-25T09:00:00", "moonring.toml:2"]);
    assert_eq!(row("MOONRING_MEMORY_MIB"), ["64", "the environment"]);
    assert_eq!(row("MOONRING_ATTRIBUTES"), ["12", ".env:2"]);
    assert_eq!(row("MOONRING_HTTP_ALLOW"), ["a.example,b.example", "moonring.toml:7"]);
    assert_eq!(row("MOONRING_CONFIG")[0], "{\"stage\":\"live\"}");
    assert_eq!(row("MOONRING_SECRET_KEY"), ["…", ".env:1"]);
    assert_eq!(row("MOONRING_REFRESH_SECONDS"), ["5", "default"]);
    let told = text(&run(folder.path(), &["settings"], &environment).stdout);
    assert!(!told.contains(&key) && told.contains("the environment"), "{told}");
}

#[test]
fn what_a_project_file_says_wrong_is_told_with_its_line() {
    for (file, told) in [
        (
            "from = '+12065550199'\nform = 'x'\n",
            "moonring.toml:2: unknown key `form`; wanted one of scripts, releases, from",
        ),
        ("form = 'x'\n", "did you mean `from`?"),
        ("from = 5\n", "moonring.toml:1: from is a number; wanted a string in quotes"),
        (
            "from = '+1911'\n",
            "moonring.toml:1: from: fewer digits than any numbering plan accepts; wanted a number in E.164",
        ),
        ("\nfrom = \n", "moonring.toml:2: "),
        (
            "[settings]\nMOONRING_HTTP_ALOW = 'x'\n",
            "moonring.toml:2: MOONRING_HTTP_ALOW is not a setting; `moonring settings` lists them; did you mean `MOONRING_HTTP_ALLOW`?",
        ),
        (
            "[settings]\nMOONRING_MEMORY_MIB = 5000\n",
            "the setting MOONRING_MEMORY_MIB is `5000`; wanted a whole number of MiB from 1 to 1024; it is set in moonring.toml:2",
        ),
        ("[settings]\nMOONRING_SCRIPTS = 'x'\n", "write `scripts = …` above [settings] instead"),
        ("[profile.live]\nform = 'x'\n", "moonring.toml:2: unknown key `form`"),
        ("profile = 'live'\n", "wanted a table, [profile.NAME]"),
        (
            "[callees]\n'+12065550101' = 'sing'\n",
            "moonring.toml:2: +12065550101: `sing` is unknown",
        ),
        ("scripts = 'ivr'\n", "ivr is not a folder"),
    ] {
        let folder = project_with(&[("moonring.toml", file)]);
        let output = run(folder.path(), &["call", "--keys", ""], &[]);
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(told), "{file}: {said}");
    }
    let folder = project_with(&[("moonring.toml", FILE), (".env", "MOONRING_SCRIPT=x\n")]);
    let said = text(&run(folder.path(), &["settings", "--profile", "liv"], &[]).stderr);
    assert!(said.contains("has no profile `liv`; there are: live; did you mean `live`?"), "{said}");
    let said = text(&run(folder.path(), &["settings"], &[]).stderr);
    assert!(said.contains("MOONRING_SCRIPT in .env is not a setting"), "{said}");
    let none = project_with(&[]);
    let said = text(&run(none.path(), &["settings", "--profile", "live"], &[]).stderr);
    assert!(said.contains("--profile needs a moonring.toml"), "{said}");
}

#[test]
fn shells_complete_every_command_and_the_version_names_the_language() {
    let folder = project_with(&[]);
    for shell in ["bash", "zsh", "fish"] {
        let output = run(folder.path(), &["completions", shell], &[]);
        let script = text(&output.stdout);
        for command in ["call", "check", "invoke", "replay", "serve", "settings"] {
            assert!(output.status.success() && script.contains(command), "{shell}: {command}");
        }
    }
    let wrong = run(folder.path(), &["completions", "bsh"], &[]);
    assert_eq!(wrong.status.code(), Some(2));
    let version = text(&run(folder.path(), &["--version"], &[]).stdout);
    assert!(version.starts_with("moonring 0.") && version.contains("Luau 0."), "{version}");
}

#[test]
fn every_line_of_a_call_is_an_object_where_a_program_reads() {
    let folder = project_with(&[("moonring.toml", FILE)]);
    let output = run(folder.path(), &["call", "--keys", "", "--json"], &[]);
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<_> = lines.iter().map(|line| line["what"].as_str().unwrap()).collect();
    let wanted = ["invoked", "answered", "connects", "hears", "ends", "invoked", "answered"];
    assert_eq!(kinds, wanted);
    let hears = &lines[3];
    assert_eq!(hears["text"], "+12065550199 file 09:00");
    assert_eq!((&hears["leg"], &hears["place"]), (&"LEG-A".into(), &"main.lua:1".into()));
}

#[test]
fn what_cargo_sets_for_the_program_is_no_setting_of_its_own() {
    harness::moonring();
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo
        .args(["run", "--quiet", "--", "settings"])
        .current_dir(harness::project("."))
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert!(output.status.success() && !said.contains("is not a setting"), "{said}");
}
