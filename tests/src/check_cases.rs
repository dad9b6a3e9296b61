//! `moonring check` over tests/check: a folder for each code, and in it a folder for each case, with
//! what is printed in `out.txt`; without one, nothing is. The same scripts stand on the page of the
//! code.

use std::path::{Path, PathBuf};
use std::process::Command;

use harness::{moonring, project};

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn checked(folder: &Path) -> String {
    let mut check = Command::new(moonring());
    let output = check.args(["check", "."]).current_dir(folder).env_clear().output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn each_code_has_a_case_that_is_told_and_one_that_is_quiet() {
    let codes = String::from_utf8(
        Command::new(moonring()).arg("explain").env_clear().output().unwrap().stdout,
    );
    let codes = codes.unwrap();
    let codes: Vec<&str> =
        codes.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    let has_folders = folders(&project("tests/check"));
    let names: Vec<String> =
        has_folders.iter().map(|path| path.file_name().unwrap().to_string_lossy().into()).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    assert_eq!(names, sorted);
    for (name, folder) in names.iter().zip(&has_folders) {
        let (mut told, mut quiet) = (0, 0);
        for case in folders(folder) {
            let (printed, path) = (checked(&case), case.join("out.txt"));
            if std::env::var_os("UPDATE_EXPECT").is_some() && !printed.is_empty() {
                std::fs::write(&path, &printed).unwrap();
            }
            let wanted = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(printed, wanted, "{}", case.display());
            match printed.is_empty() {
                true => quiet += 1,
                false => {
                    assert!(printed.contains(&format!("[{name}]: ")), "{}", case.display());
                    told += 1;
                }
            }
        }
        assert!(told > 0 && quiet > 0, "{name}: {told} told, {quiet} quiet");
    }
}

#[test]
fn the_page_of_a_code_shows_its_cases() {
    for folder in folders(&project("tests/check")) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let page = project("docs/reference/problems").join(format!("{name}.md"));
        let page = std::fs::read_to_string(page).unwrap();
        for case in ["wrong", "quiet"] {
            let script = |file: &str| std::fs::read_to_string(folder.join(case).join(file)).ok();
            let script = script("routes.lua").or_else(|| script("main.lua")).unwrap();
            assert!(page.contains(&format!("```lua\n{script}```")), "{name}: {case}");
        }
    }
}

#[test]
fn what_can_be_mended_is_mended_and_nothing_else_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return function(call)\n  call.say(\"Hello.\") -- é\n  if not call.to == \"x\" then call.say(\"x\") end\nend\n";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let check = |arguments: &[&str]| {
        let mut check = Command::new(moonring());
        check.arg("check").arg(folder.path()).args(arguments).env_clear().output().unwrap()
    };
    let output = check(&["--fix"]);
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && talk.starts_with("mended 3 problems\n"), "{talk}");
    let mended = std::fs::read_to_string(folder.path().join("main.lua")).unwrap();
    let wanted = "return function(call)\n  call:say(\"Hello.\") -- é\n  if call.to ~= \"x\" then call:say(\"x\") end\nend\n";
    assert_eq!(mended, wanted);
}

#[test]
fn warnings_count_where_somebody_is_strict() {
    let case = project("tests/check/unused-local/wrong");
    let ends = |arguments: &[&str]| {
        let mut check = Command::new(moonring());
        let check = check.args(["check", "."]).args(arguments).current_dir(&case).env_clear();
        check.output().unwrap().status.code()
    };
    assert_eq!((ends(&[]), ends(&["--strict"])), (Some(0), Some(1)));
}

#[test]
fn a_report_for_code_hosts_has_rules_and_places() {
    let case = project("tests/check/dot-for-colon/wrong");
    let mut check = Command::new(moonring());
    let output = check.args(["check", ".", "--sarif"]).current_dir(case).env_clear().output();
    let report: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let run = &report["runs"][0];
    assert_eq!(run["results"][0]["ruleId"], "dot-for-colon");
    let region = &run["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&2.into(), &7.into()));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(
        rules.iter().any(|rule| rule["id"] == "dot-for-colon" && rule["help"]["text"].is_string())
    );
}

#[test]
fn a_code_is_explained_and_a_wrong_one_has_the_nearest() {
    let explain =
        |code: &str| Command::new(moonring()).args(["explain", code]).env_clear().output().unwrap();
    let output = explain("unchecked-result");
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("# unchecked-result\n"));
    let output = explain("unchecked-reslt");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean `unchecked-result`?"));
}

#[test]
fn the_page_of_problems_lists_every_code_as_explain_does() {
    let output = Command::new(moonring()).arg("explain").env_clear().output().unwrap();
    let explained = String::from_utf8(output.stdout).unwrap();
    let page = std::fs::read_to_string(project("docs/reference/problems.md")).unwrap();
    for line in explained.lines() {
        let mut words = line.split_whitespace();
        let (code, severity) = (words.next().unwrap(), words.next().unwrap());
        let summary = words.collect::<Vec<_>>().join(" ");
        let summary = summary.trim_end_matches('.');
        let row = format!("| [{code}](problems/{code}.md) | {severity} | {summary} |");
        assert!(page.contains(&row), "{row}");
    }
    assert_eq!(page.matches("](problems/").count(), explained.lines().count());
}

#[test]
fn scripts_that_work_raise_no_alarm() {
    // They are wrong on purpose.
    let wrong = ["tests/flows/become"];
    let mut folders_of_scripts = vec![project("scripts"), project("stdlib")];
    for room in ["tests/samples", "tests/call", "tests/flows", "tests/tutorial"] {
        folders_of_scripts.extend(folders(&project(room)));
    }
    let mut judged = 0;
    for folder in folders_of_scripts {
        if wrong.iter().any(|name| folder == project(name)) {
            continue;
        }
        let told = checked(&folder);
        // A folder that is no whole release has no main.lua.
        let is_of_release =
            |line: &&str| line.contains("[load]: there is no such") || line.starts_with(".:");
        let alarms: Vec<&str> = told.lines().filter(|line| !is_of_release(line)).collect();
        assert!(alarms.is_empty(), "{}: {alarms:#?}", folder.display());
        judged += 1;
    }
    assert!(judged > 40, "{judged} folders");
}
