//! `moonring check`: every problem by file and line, and how it ends.

use std::process::{Command, Output};

use harness::{S3, moonring, project, says};
use serde_json::{Value, json};

fn check(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(moonring());
    command.arg("check").args(arguments).current_dir(project(".")).env_clear();
    command.envs(environment.iter().copied()).output().unwrap()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn the_examples_have_no_problems() {
    let output = check(&[], &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.is_empty());
    let talk = String::from_utf8_lossy(&output.stderr);
    let files = std::fs::read_dir(harness::project("scripts")).unwrap();
    let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // Specs are no part of a release.
    let files = names.filter(|name| !name.contains(".spec.")).count();
    let begins = format!("{files} files, release ");
    assert!(talk.starts_with(&begins) && talk.ends_with(": no problems\n"), "{talk}");
}

#[test]
fn each_problem_is_a_line() {
    let folder = folder(&[
        ("main.lua", "local = 1"),
        ("b.lua", "\n\nreturn {"),
        ("ok.lua", "return 1"),
        ("config.json", "{"),
    ]);
    let output = check(&[folder.path().to_str().unwrap()], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "b.lua:3: error[load]: Expected identifier when parsing expression, got <eof>
config.json:1: error[load]: the file is not JSON: EOF while parsing an object at line 1 column 1
main.lua:1: error[load]: Expected identifier when parsing variable name, got '='
"
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "3 problems; a host would keep serving the last good release\n"
    );
}

#[test]
fn values_that_stand_in_a_script_are_judged_and_the_release_is_accepted_all_the_same() {
    let folder = folder(&[(
        "main.lua",
        "return function(call)\n  call:say(call.from)\n  call:bridge { to = '206-555-0102' }\nend",
    )]);
    let output = check(&[folder.path().to_str().unwrap()], &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.starts_with("main.lua:3:17: error[wrong-value]: call:bridge: `to` is"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "1 problem; a host would accept this release, but calls would meet these problems\n`moonring explain wrong-value` says more\n"
    );
}

#[test]
fn values_of_the_releases_that_routes_lead_to_are_judged_too() {
    let folder = folder(&[
        ("main.lua", "return function(call) end"),
        ("routes.lua", "return { { from = '+12065550177', release = 'beta' } }"),
    ]);
    std::fs::create_dir(folder.path().join("@beta")).unwrap();
    let beta = "return function(call)\n  call:say('')\nend";
    std::fs::write(folder.path().join("@beta/main.lua"), beta).unwrap();
    let output = check(&[folder.path().to_str().unwrap()], &[]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.starts_with("@beta/main.lua:2:8: error[wrong-value]: call:say: `text` has 0"),
        "{told}"
    );
}

#[test]
fn scripts_as_deep_as_luau_takes_them_are_judged() {
    let deep = format!(
        "return function(call)\n{}call:say(''){}\nend",
        "if call then ".repeat(90),
        " end".repeat(90)
    );
    let folder = folder(&[("main.lua", &deep)]);
    let output = check(&[folder.path().to_str().unwrap()], &[]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        told.starts_with("main.lua:2:1176: error[wrong-value]: call:say: `text` has 0"),
        "{told}"
    );
}

#[test]
fn a_release_without_main_and_an_empty_folder_are_problems() {
    let other = folder(&[("other.lua", "return function() end")]);
    let output = check(&[other.path().to_str().unwrap()], &[]);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "main.lua: error[load]: there is no such file; without routes.lua it answers every call\n"
    );
    assert_eq!(output.status.code(), Some(1));
    let empty = folder(&[]);
    let output = check(&[empty.path().to_str().unwrap()], &[]);
    let expected = format!(
        "{}: error[load]: there are no scripts (.lua or .luau files) here\n",
        empty.path().display()
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn the_releases_that_routes_lead_to_are_checked_too() {
    let routes = "return { { from = '+1', release = 'draft', script = 'night' }, { to = '+2', release = 'none' }, { to = '+3', release = 'draft' }, default = 'day' }";
    let folder = folder(&[("day.lua", "return function() end"), ("routes.lua", routes)]);
    std::fs::create_dir(folder.path().join("@draft")).unwrap();
    std::fs::write(folder.path().join("@draft/nigth.lua"), "return function() end").unwrap();
    let output = check(&[folder.path().to_str().unwrap()], &[]);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "@draft: error[load]: there is no script `night`, but a route names it; did you mean `nigth`?
@draft: error[load]: there is no script `main`, but a route names it
@none: error[load]: there is no such folder, but a route names it
"
    );
    let talk = "3 problems; a host would accept this release, but not every script or release that its routes name\n";
    assert_eq!(
        (output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()),
        (Some(1), talk)
    );
    std::fs::write(folder.path().join("@draft/bad.lua"), "\nreturn {").unwrap();
    let output = check(&[folder.path().to_str().unwrap()], &[]);
    let problem =
        "@draft/bad.lua:2: error[load]: Expected identifier when parsing expression, got <eof>\n";
    assert!(String::from_utf8_lossy(&output.stdout).starts_with(problem));
}

#[test]
fn a_program_reads_json() {
    let folder = folder(&[("main.lua", "local = 1")]);
    let output = check(&["--json", folder.path().to_str().unwrap()], &[]);
    let mut result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["release"].take().as_str().unwrap().len(), 16);
    let message = "Expected identifier when parsing variable name, got '='";
    assert_eq!(
        result,
        json!({"release": null, "accepted": false, "files": 1, "problems": [{"file": "main.lua", "line": 1, "column": null, "severity": "error", "code": "load", "message": message, "fixable": false}]})
    );
    assert_eq!((output.status.code(), output.stderr.len()), (Some(1), 0));
}

#[test]
fn what_is_deployed_can_be_checked() {
    let s3 = S3::shared();
    s3.put("main.lua", &says("hello"));
    let environment = [
        ("AWS_ENDPOINT_URL", s3.endpoint.as_str()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ];
    assert_eq!(check(&[&s3.location()], &environment).status.code(), Some(0));
    let missing = check(&["s3://no-such-bucket-here/live"], &environment);
    assert_eq!(missing.status.code(), Some(2));
    let error = String::from_utf8_lossy(&missing.stderr);
    assert!(
        error.starts_with("error: s3://no-such-bucket-here/live/: cannot list the scripts: not found: NoSuchBucket"),
        "{error}"
    );
}

#[test]
fn a_misspelt_setting_is_warned_of() {
    let output = check(&[], &[("MOONRING_SCRIPT", "x")]);
    assert_eq!(output.status.code(), Some(0));
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(
        talk.starts_with(
            "warning: MOONRING_SCRIPT in the environment is not a setting of this version and is ignored; `moonring settings` lists them; did you mean `MOONRING_SCRIPTS`?"
        ),
        "{talk}"
    );
}

#[test]
fn what_would_fail_at_every_call_is_named_as_a_host_names_it() {
    let folder = folder(&[
        ("main.lua", "return { new_inbound_cal = function() end }"),
        ("menu.lua", "local x = 1"),
        ("office.lua", "\nreturn require('./nope')"),
    ]);
    let output = check(&[folder.path().to_str().unwrap()], &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(
        lines[0],
        "main.lua:1: error[load]: there is no event `new_inbound_cal`; did you mean `new_inbound_call`?"
    );
    assert_eq!(
        lines[1],
        "menu.lua:1: error[load]: the file returns nothing; a module returns one value, usually a table"
    );
    assert!(
        lines.len() == 3 && lines[2].starts_with("office.lua:2: error[load]: require(\"./nope\")"),
        "{said}"
    );
}
