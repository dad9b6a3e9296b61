//! `moonring test`: what its users see, and what it writes for programs.
//!
//! Each folder of `tests/spec` is a case: scripts with their specs, and in `args.txt` what else
//! stands on the command line.

use std::io::BufRead as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use harness::{moonring, project};
use serde_json::Value;

use crate::screen_cases::{every_case, text};

fn command(word: &str, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(moonring());
    command.arg(word).args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command.output().unwrap()
}

fn test(folder: &Path, arguments: &[&str]) -> Output {
    command("test", folder, arguments)
}

/// A copy of a case, to write into.
fn copy(case: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(project(case)).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    folder
}

#[test]
fn every_spec_shows_its_screen() {
    every_case("tests/spec", 15, &|folder, arguments| {
        let mut all: Vec<&str> = arguments.iter().map(String::as_str).collect();
        // A case without scripts says whose it runs.
        if folder.join("main.lua").exists() {
            all.extend(["--scripts", "."]);
        }
        test(folder, &all)
    });
}

#[test]
fn the_specs_of_the_project_hold_and_reach_nearly_everything() {
    let output = test(&project("."), &["--coverage", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let coverage = &report["coverage"];
    assert!(coverage["percent"].as_f64().unwrap() >= 95.0, "{coverage}");
    assert_eq!(coverage["untaken"], serde_json::json!([]), "every key of a menu is pressed");
    let scripts = std::fs::read_dir(project("scripts")).unwrap();
    let names = scripts.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> = names.collect();
    for script in names.iter().filter(|name| name.ends_with(".lua") && !name.contains(".spec.")) {
        let spec = script.replace(".lua", ".spec.lua");
        assert!(names.contains(&spec), "{script} has no spec");
    }
    let output = test(&project("."), &["stdlib", "--coverage", "--min-coverage", "95"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn results_are_written_for_programs_too() {
    let folder = copy("tests/spec/what_no_test_reaches_is_listed");
    let arguments = [
        "--scripts",
        ".",
        "--coverage",
        "--lcov",
        "lcov.info",
        "--html",
        "coverage.html",
        "--junit",
        "report.xml",
    ];
    let output = test(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let lcov = read("lcov.info");
    for line in
        ["SF:main.lua", "FNDA:0,sorry", "DA:10,3", "DA:12,0", "BRDA:9,0,0,3", "BRDA:11,0,1,0"]
    {
        assert!(lcov.lines().any(|found| found == line), "{line}:\n{lcov}");
    }
    let html = read("coverage.html");
    assert!(html.contains("<a href=\"#main.lua\">main.lua</a>"), "{html}");
    assert!(html.contains("class=\"line missed\""), "{html}");
    let junit = read("report.xml");
    assert!(junit.contains("<testsuites name=\"moonring\" tests=\"1\" failures=\"0\">"), "{junit}");
    assert!(
        junit.contains(
            "<testcase name=\"one\" classname=\"main\" file=\"main.spec.lua\" line=\"1\""
        ),
        "{junit}"
    );

    let folder = project("tests/spec/words_of_other_test_runners_lead_here");
    let output = test(&folder, &["--scripts", ".", "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["total"], &report["failed"]), (&15.into(), &10.into()), "{report}");
    let failed = report["tests"].as_array().unwrap().iter().find(|test| test["result"] == "failed");
    assert_eq!(failed.unwrap()["failure"]["line"], 8);
}

#[test]
fn any_order_and_any_number_of_workers_give_the_same_results() {
    let folder = project("tests/spec/the_service_has_its_troubles");
    let results = |arguments: &[&str]| {
        let output = test(&folder, &[&["--scripts", ".", "--json"], arguments].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["tests"].clone()
    };
    let plain = results(&["--jobs", "1"]);
    assert_eq!(plain.as_array().unwrap().len(), 6);
    for arguments in [&["--seed", "7", "--jobs", "1"][..], &["--seed", "8"], &["--jobs", "4"]] {
        assert_eq!(results(arguments), plain, "{arguments:?}");
    }
}

#[test]
fn stories_are_written_when_that_is_wanted() {
    let folder = copy("tests/spec/a_story_is_kept_and_compared");
    let run = |arguments: &[&str]| test(folder.path(), &[&["--scripts", "."], arguments].concat());
    assert_eq!(run(&[]).status.code(), Some(1));
    let output = run(&["--update"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("3 stories written to __snapshots__"));
    let story = std::fs::read_to_string(folder.path().join("__snapshots__/one.txt")).unwrap();
    assert!(story.contains("hears “You chose one.”  (main.lua:4)"), "{story}");
    assert_eq!(run(&[]).status.code(), Some(0));
}

#[test]
fn a_call_that_was_played_or_recorded_becomes_a_test_that_holds() {
    let folder = tempfile::tempdir().unwrap();
    let scripts = folder.path().join("scripts");
    std::fs::create_dir(&scripts).unwrap();
    for entry in std::fs::read_dir(project("scripts")).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().contains(".spec.") {
            std::fs::copy(entry.path(), scripts.join(entry.file_name())).unwrap();
        }
    }
    let day = ["--at", "2026-12-01 10:00", "--zone", "America/Los_Angeles"];
    let calls: [&[&str]; 9] = [
        &["office", "--keys", "1 1 wait 20 hangup", "--callee", "answer"],
        &["office", "--keys", "2 1 talk 3 #", "--callee", "ignore"],
        &["warm_transfer", "--callee", "1 wait 5 hangup", "--keys", ""],
        &["voicemail", "--keys", "talk 2 # 1 3 talk 2 # wait 2 hangup"],
        &["callback", "--outbound", "--pickup", "busy", "--argument", "callback=x", "--keys", ""],
        &["secret_pin", "--keys", "123456 4929"],
        &["conference", "--keys", "9001 1 wait 3 hangup"],
        &["conference", "--keys", "1234# wait 10 hangup"],
        &["hold", "--keys", "wait 60", "--update", "8 agent=+12065550101"],
    ];
    for (number, arguments) in calls.iter().enumerate() {
        let name = format!("call {number}");
        let all = [*arguments, &day[..], &["--save-test", &name, "--trace", "call.json"]].concat();
        let output = command("call", folder.path(), &all);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(&format!("is saved as the test `{name}` in ")));
        // What was typed in confidence is not in a transcript.
        if arguments[0] == "secret_pin" {
            continue;
        }
        let name = format!("recorded call {number}");
        let output = command("replay", folder.path(), &["call.json", "--save-test", &name]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let again = command("call", folder.path(), &["office", "--keys", "1", "--save-test", "call 0"]);
    assert!(text(&again.stderr).contains("has a test `call 0` already"), "{}", text(&again.stderr));
    let output = test(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("17 tests: 17 passed"), "{}", text(&output.stdout));
}

#[test]
fn a_saved_call_goes_to_the_spec_of_the_script_that_answered() {
    let folder = tempfile::tempdir().unwrap();
    let scripts = folder.path().join("scripts");
    std::fs::create_dir(&scripts).unwrap();
    let write = |name: &str, text: &str| std::fs::write(scripts.join(name), text).unwrap();
    write("routes.lua", "return { { to = '+12065550100', script = 'sales' }, default = 'main' }");
    write("main.lua", "return function(call) call:say('Main.') end");
    write("sales.lua", "return function(call) call:say('Sales.') end");
    let arguments = ["--to", "+12065550100", "--keys", "", "--save-test", "sold"];
    let output = command("call", folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(scripts.join("sales.spec.lua").is_file());
    // A script that fails does so in its test too.
    write(
        "broken.lua",
        "return function(call) call:ask { say = 'A key, please.', min = 1, max = 1 } local names call:say(names[1]) end",
    );
    let arguments = ["broken", "--keys", "1", "--save-test", "it fails"];
    assert_eq!(command("call", folder.path(), &arguments).status.code(), Some(1));
    let output = test(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[test]
fn a_new_project_works_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let output = command("new", folder.path(), &["acme-ivr"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let project = folder.path().join("acme-ivr");
    let output = command("check", &project, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let output = test(&project, &["--coverage", "--min-coverage", "100"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let output = command("call", &project, &["--keys", "2"]);
    assert!(text(&output.stdout).contains("hears “Bienvenido.”"), "{}", text(&output.stdout));
    let workflow = std::fs::read_to_string(project.join(".github/workflows/test.yml")).unwrap();
    for line in ["moonring check", "moonring test --coverage"] {
        assert!(workflow.contains(line), "{workflow}");
    }
    let again = command("new", folder.path(), &["acme-ivr"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("has something in it already"), "{}", text(&again.stderr));
}

#[test]
fn what_cannot_be_run_says_what_to_do() {
    let folder = copy("tests/spec/a_call_is_heard_in_order");
    for (arguments, wanted) in [
        (
            &["--scripts", ".", "mian"][..],
            "there is no spec `mian`; wanted a file that ends in .spec.lua",
        ),
        (&["--scripts", ".", "mian"], "did you mean `main`?"),
        (&["--scripts", "nowhere"], "nowhere is not a folder"),
        (
            &["--scripts", ".", "--coverage", "--min-coverage", "190"],
            "wanted a percentage from 0 to 100",
        ),
    ] {
        let output = test(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(wanted), "{arguments:?}: {}", text(&output.stderr));
    }
    std::fs::remove_file(folder.path().join("main.spec.lua")).unwrap();
    let output = test(folder.path(), &["--scripts", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("there are no specs in ."), "{}", text(&output.stderr));
}

/// Reads what a watching program prints until it waits again.
fn until_it_waits(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> String {
    let mut read = String::new();
    for line in lines.by_ref() {
        let line = line.unwrap();
        read += &format!("{line}\n");
        if line.starts_with("waiting for a change") {
            return read;
        }
    }
    panic!("it ended: {read}");
}

#[test]
fn a_change_runs_the_specs_that_it_touches_again() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("texts.lua", "return { welcome = 'Welcome.' }");
    write(
        "main.lua",
        "local texts = require('./texts')\nreturn function(call) call:say(texts.welcome) end",
    );
    write("other.lua", "return function(call) call:say('Hello.') end");
    write("main.spec.lua", "test('main', function(t) t:call():hears('Welcome.'):ends() end)");
    write("other.spec.lua", "test('other', function(t) t:call():hears('Hello.'):ends() end)");
    let shell = format!("exec {} test --watch --scripts . 2>&1", moonring().display());
    let mut child = Command::new("bash")
        .args(["-c", &shell])
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let first = until_it_waits(&mut lines);
    assert!(first.contains("2 tests: 2 passed"), "{first}");
    // A module of one script.
    write("texts.lua", "return { welcome = 'Good day.' }");
    let second = until_it_waits(&mut lines);
    assert!(second.contains("changed: texts.lua"), "{second}");
    assert!(second.contains("1 test: 0 passed, 1 failed"), "{second}");
    assert!(!second.contains("other.spec.lua"), "{second}");
    // Something that cannot be loaded, and its mending.
    write("texts.lua", "return {");
    let third = until_it_waits(&mut lines);
    assert!(third.contains("the scripts cannot be loaded"), "{third}");
    write("texts.lua", "return { welcome = 'Welcome.' }");
    let fourth = until_it_waits(&mut lines);
    assert!(fourth.contains("1 test: 1 passed"), "{fourth}");
    // What every script sees.
    write("config.json", "{}");
    let fifth = until_it_waits(&mut lines);
    assert!(fifth.contains("2 tests: 2 passed"), "{fifth}");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A change that somebody could make by mistake.
struct Mutation {
    script: String,
    change: String,
    from: String,
    to: String,
}

#[test]
fn specs_catch_changes_that_somebody_could_make_by_mistake() {
    let list = std::fs::read_to_string(project("tests/mutations.json")).unwrap();
    let list: Vec<Value> = serde_json::from_str(&list).unwrap();
    let field = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let mutations: Vec<_> = list
        .iter()
        .map(|one| Mutation {
            script: field(one, "script"),
            change: field(one, "change"),
            from: field(one, "from"),
            to: field(one, "to"),
        })
        .collect();
    assert!(mutations.len() >= 30, "{}", mutations.len());
    let folder = copy("scripts");
    let mut missed = Vec::new();
    for Mutation { script, change, from, to } in &mutations {
        let path = folder.path().join(format!("{script}.lua"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{script}: {from} is not there any more");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let output = test(folder.path(), &["--scripts", ".", script]);
        std::fs::write(&path, &text).unwrap();
        match output.status.code() {
            Some(0) => missed.push(format!("{script}: {change}: {from}")),
            code => assert_eq!(code, Some(1), "{script}: {from}: {}", text_of(&output)),
        }
    }
    assert!(missed.len() * 10 <= mutations.len(), "not caught: {missed:#?}");
}

fn text_of(output: &Output) -> String {
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}
