//! `moonring explore`: what it finds, what it leaves alone, and what it draws.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use expect_test::expect_file;
use harness::{moonring, project};
use serde_json::Value;

fn explore(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(moonring());
    command.args(["explore", "--scripts", "."]).args(arguments).current_dir(folder).env_clear();
    command.output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The cases: a folder a kind of finding, and in it a folder a script.
fn cases() -> Vec<PathBuf> {
    let folders = |path: &Path| {
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let mut cases: Vec<PathBuf> =
        folders(&project("tests/explore")).iter().flat_map(|kind| folders(kind)).collect();
    cases.sort();
    cases
}

#[test]
fn each_kind_of_finding_is_found_and_its_sound_twin_is_left_alone() {
    for case in cases() {
        let output = explore(&case, &[]);
        let (kind, name) = (case.parent().unwrap().file_name().unwrap(), case.file_name().unwrap());
        let kind = kind.to_str().unwrap();
        expect_file![case.join("expected.txt")].assert_eq(&stdout(&output));
        let is_found = stdout(&output).contains(&format!("[{kind}]"));
        let is_wrong = name.to_str().unwrap().starts_with("wrong");
        assert_eq!(is_found, is_wrong, "{}: {}", case.display(), stdout(&output));
        // Notes are worth a look, and no more.
        let is_note = ["never-run", "near-limit", "dead-air"].contains(&kind);
        let code = i32::from(is_wrong && !is_note);
        assert_eq!(output.status.code(), Some(code), "{}", case.display());
    }
}

#[test]
fn the_command_of_a_finding_plays_it() {
    for case in cases().iter().filter(|case| case.ends_with("wrong")) {
        let report: Value = serde_json::from_slice(&explore(case, &["--json"]).stdout).unwrap();
        let finding = &report["findings"][0];
        assert!(finding.is_object(), "{}: {report}", case.display());
        let Some(command) = finding["command"].as_str() else { continue };
        // What raises an error fails the call too; the rest is seen in its story.
        if finding["kind"] != "script-fails" && finding["kind"] != "hook-fails" {
            continue;
        }
        let line = command.strip_prefix("moonring ").unwrap();
        let program = moonring();
        let played = Command::new("bash")
            .args(["-c", &format!("{} {line}", program.display())])
            .current_dir(case)
            .env_clear()
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&played.stderr).into_owned();
        let place = format!("{}:{}", finding["file"].as_str().unwrap(), finding["line"]);
        assert_eq!(played.status.code(), Some(1), "{command}: {told}");
        assert!(told.contains(&place), "{command}: {told}");
    }
}

#[test]
fn the_same_walk_twice_is_the_same_report() {
    let report = || {
        let mut command = Command::new(moonring());
        command.args(["explore", "office", "--json"]).current_dir(project(".")).env_clear();
        stdout(&command.output().unwrap())
    };
    let first = report();
    assert_eq!(first, report());
    let report: Value = serde_json::from_str(&first).unwrap();
    // All menus of the office, and nothing left over.
    assert!(report["states"].as_u64().unwrap() >= 18, "{}", report["states"]);
    assert_eq!(report["left"], 0);
}

#[test]
fn the_examples_have_no_findings() {
    for entry in std::fs::read_dir(project("scripts")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let script = name.strip_suffix(".lua").filter(|name| !name.contains(".spec"));
        let Some(script) = script.filter(|name| !crate::duplicates::MODULES.contains(name)) else {
            continue;
        };
        let mut command = Command::new(moonring());
        command.args(["explore", script]).current_dir(project(".")).env_clear();
        let output = command.output().unwrap();
        assert!(output.status.success(), "{script}: {}", stdout(&output));
    }
}

#[test]
fn the_standard_modules_have_no_findings() {
    for entry in std::fs::read_dir(project("stdlib/examples")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(script) = name.strip_suffix(".lua") else { continue };
        let mut command = Command::new(moonring());
        command.args(["explore", &format!("examples/{script}"), "--scripts", "stdlib"]);
        let output = command.current_dir(project(".")).env_clear().output().unwrap();
        assert!(output.status.success(), "{script}: {}", stdout(&output));
    }
}

#[test]
fn the_ports_of_published_handlers_have_no_findings_but_those_that_are_allowed() {
    for entry in std::fs::read_dir(project("tests/samples")).unwrap() {
        let output = explore(&entry.unwrap().path(), &[]);
        assert!(output.status.success(), "{}", stdout(&output));
    }
}

#[test]
fn replies_take_their_turns_over_the_events_of_a_call() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return function(call)
  local first = http.get('https://api.example.com/turn')
  call:menu { say = `First {if first then first.body else 'nothing'}. Press 1.`, options = { 'one' }, tries = 1 }
  local second = http.get('https://api.example.com/turn')
  call:say(`Then {if second then second.body else 'nothing'}.`)
end";
    let replies = r#"{"http:GET https://api.example.com/*": [{"body": "one"}, {"body": "two"}]}"#;
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    std::fs::write(folder.path().join("replies.json"), replies).unwrap();
    let drawn = folder.path().join("call.json");
    let drawing = drawn.to_str().unwrap();
    let output = explore(folder.path(), &["--replies", "replies.json", "--graph", drawing]);
    assert!(output.status.success(), "{}", stdout(&output));
    let graph: Value = serde_json::from_str(&std::fs::read_to_string(&drawn).unwrap()).unwrap();
    let nodes = graph["nodes"].as_array().unwrap();
    let texts: Vec<&str> = nodes.iter().filter_map(|node| node["text"].as_str()).collect();
    assert!(texts.contains(&"First one. Press 1.") && texts.contains(&"Then two."), "{texts:?}");
    assert!(!texts.contains(&"Then one."), "{texts:?}");
}

#[test]
fn what_follows_from_something_made_up_is_a_note_that_says_what_to_give() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return function(call)
  if call.direction == 'outbound' then
    local there = call:wait_for_answer()
    call:say(if there then `Room {call.arguments.room .. ''}.` else 'Nobody.')
    return
  end
  local reply = http.get('https://api.example.com/orders/1')
  if not reply then return call:say('Sorry.') end
  call:say(`Order {json.decode(reply.body).state .. ''}.`)
end";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let made_up = explore(folder.path(), &[]);
    let told = stdout(&made_up);
    assert!(told.contains("main.lua:9: note[script-fails]"), "{told}");
    assert!(told.contains("give the real ones with --replies"), "{told}");
    assert!(told.contains("main.lua:4: note[script-fails]"), "{told}");
    assert!(told.contains("give them with --argument"), "{told}");
    assert!(made_up.status.success(), "{told}");
    // Given, it is sure: here it is well.
    let replies = r#"{"http:GET https://api.example.com/*": {"body": {"state": "sent"}}}"#;
    std::fs::write(folder.path().join("replies.json"), replies).unwrap();
    let given = explore(folder.path(), &["--replies", "replies.json", "--argument", "room=5"]);
    assert!(given.status.success(), "{}", stdout(&given));
    assert!(!stdout(&given).contains("script-fails"), "{}", stdout(&given));
}

#[test]
fn hours_that_scripts_and_their_config_name_are_tried() {
    let folder = tempfile::tempdir().unwrap();
    // Behind a question, and for one minute of the day.
    let script = "return function(call)
  call:menu { say = 'Press 1.', options = { 'one' } }
  local now = time.at('Europe/Berlin')
  if now.hour == config.desk.opens and now.minute == 0 then
    call:say('Good morning.')
  elseif now.hour < 7 then
    call:say('It is early.')
  end
  call:say('Goodbye.')
end";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    std::fs::write(folder.path().join("config.json"), r#"{"desk": {"opens": 8}}"#).unwrap();
    let output = explore(folder.path(), &[]);
    assert_eq!(stdout(&output), "", "every line is reached");
    let at = explore(folder.path(), &["--at", "2026-06-01 10:00"]);
    assert!(stdout(&at).contains("no path has run these lines: 5, 7"), "{}", stdout(&at));
}

#[test]
fn ways_that_tests_and_recorded_calls_go_are_drawn_in_bold() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return function(call)
  local choice = call:menu { say = 'Red is 1, blue is 2.', options = { 'red', 'blue' } }
  if choice == 'red' then call:say('Red.') elseif choice == 'blue' then call:say('Blue.') end
end";
    let spec = "test('red', function(t)
  local c = t:call()
  c:hears('Red is 1'):presses('1')
  c:hears('Red.')
end)";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    std::fs::write(folder.path().join("main.spec.lua"), spec).unwrap();
    let gone = |arguments: &[&str]| -> Vec<String> {
        let output = explore(folder.path(), &[&["--graph", "call.json"], arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read_to_string(folder.path().join("call.json")).unwrap();
        let graph: Value = serde_json::from_str(&text).unwrap();
        let edges = graph["edges"].as_array().unwrap().iter().filter(|edge| edge["gone"] == true);
        let node = |number: &Value| {
            graph["nodes"][usize::try_from(number.as_u64().unwrap()).unwrap()]["text"].clone()
        };
        edges.map(|edge| format!("{} → {}", node(&edge["from"]), node(&edge["to"]))).collect()
    };
    let asks = "\"Red is 1, blue is 2.\"";
    let (first, red) = (format!("\"a call\" → {asks}"), format!("{asks} → \"Red.\""));
    let tested = gone(&["--tested"]);
    assert!(tested.contains(&first) && tested.contains(&red), "{tested:?}");
    assert!(!tested.contains(&format!("{asks} → \"Blue.\"")), "{tested:?}");
    let mut call = Command::new(moonring());
    call.args(["call", "--scripts", ".", "--keys", "2", "--trace", "blue.json"]);
    assert!(call.current_dir(folder.path()).env_clear().output().unwrap().status.success());
    let recorded = gone(&["--recorded", "blue.json"]);
    assert!(recorded.contains(&format!("{asks} → \"Blue.\"")), "{recorded:?}");
    assert!(!recorded.contains(&red), "{recorded:?}");
    assert!(gone(&[]).is_empty());
    let alone = explore(folder.path(), &["--tested"]);
    assert_eq!(alone.status.code(), Some(2), "there is nothing to draw");
}

#[test]
fn paths_are_found_by_a_number_that_rings_and_by_a_line() {
    let office = |arguments: &[&str]| {
        let mut command = Command::new(moonring());
        command.args(["explore", "office"]).args(arguments).current_dir(project(".")).env_clear();
        stdout(&command.output().unwrap())
    };
    let rings = office(&["--ask", "+12065550112"]);
    assert!(!rings.is_empty());
    assert!(rings.lines().all(|line| line.starts_with("moonring call office")), "{rings}");
    assert!(rings.lines().all(|line| line.contains("--keys '1 2")), "{rings}");
    assert!(!office(&["--to-line", "office.lua:18"]).is_empty());
    assert!(office(&["--to-line", "office.lua:1"]).is_empty());
}

#[test]
fn the_ways_are_drawn_as_the_page_shows_them() {
    let folder = tempfile::tempdir().unwrap();
    let draw = |name: &str| {
        let path = folder.path().join(name);
        let mut command = Command::new(moonring());
        command.args(["explore", "office", "--tested", "--graph"]).arg(&path);
        command.current_dir(project("."));
        assert!(command.env_clear().output().unwrap().status.success());
        std::fs::read_to_string(path).unwrap()
    };
    let picture = draw("office.svg");
    expect_file![project("docs/images/office-explored.svg")].assert_eq(&picture);
    assert!(picture.contains("For hardware, press 1."), "{picture}");
    let page = draw("office.html");
    assert!(
        page.contains("<svg")
            && page.contains("id=\"search\"")
            && !page.contains("http://localhost")
    );
    let (mermaid, dot) = (draw("office.mmd"), draw("office.dot"));
    assert!(mermaid.starts_with("flowchart TD\n") && mermaid.contains("==>"), "{mermaid}");
    assert!(dot.starts_with("digraph call {\n") && dot.contains("penwidth=3"), "{dot}");
    let graph: Value = serde_json::from_str(&draw("office.json")).unwrap();
    assert_eq!(graph["nodes"][0]["shape"], "start");
}

#[test]
fn each_path_becomes_a_test_that_passes() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return function(call)
  local choice = call:menu { say = 'Red is 1, blue is 2.', options = { 'red', 'blue' } }
  call:say(choice or 'Nothing.')
end";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let saved = explore(folder.path(), &["--save-tests"]);
    assert!(saved.status.success(), "{}", stdout(&saved));
    let test = || {
        let mut command = Command::new(moonring());
        command.args(["test", "--scripts", ".", "--json"]).current_dir(folder.path()).env_clear();
        let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        report
    };
    let report = test();
    assert_eq!(report["failed"], 0, "{report}");
    assert!(report["passed"].as_u64().unwrap() >= 5, "{report}");
    // Walked again, nothing is added twice.
    let spec = || std::fs::read_to_string(folder.path().join("main.spec.lua")).unwrap();
    let before = spec();
    assert!(explore(folder.path(), &["--save-tests"]).status.success());
    assert_eq!(spec(), before);
}

#[test]
fn what_is_left_is_said_and_wrong_words_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let script = "return function(call) call:menu { say = 'One is 1.', options = { 1 } } end";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    let cut = explore(folder.path(), &["--answers", "2"]);
    let told = String::from_utf8_lossy(&cut.stderr).into_owned();
    assert!(told.contains("not walked to the end; --budget, --answers and --depth"), "{told}");
    let drawn = explore(folder.path(), &["--graph", "call.png"]);
    let told = String::from_utf8_lossy(&drawn.stderr).into_owned();
    assert_eq!(drawn.status.code(), Some(2));
    assert!(told.contains(".svg, .html, .mmd, .dot or .json"), "{told}");
    std::fs::write(folder.path().join("main.lua"), "return function(call").unwrap();
    let broken = explore(folder.path(), &[]);
    assert_eq!(broken.status.code(), Some(2));
    assert!(stdout(&broken).starts_with("main.lua:1: error[load]"), "{}", stdout(&broken));
}

#[test]
fn findings_are_sarif_for_code_hosts() {
    let case = project("tests/explore/script-fails/wrong");
    let report: Value = serde_json::from_slice(&explore(&case, &["--sarif"]).stdout).unwrap();
    let result = &report["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "script-fails");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "main.lua");
    assert_eq!(place["region"]["startLine"], 5);
}

#[test]
fn the_page_of_findings_lists_every_kind_as_explain_does_and_check_knows_them() {
    let page = std::fs::read_to_string(project("docs/reference/findings.md")).unwrap();
    let kinds: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .filter(|kind| *kind != "kind")
        .collect();
    let cases: Vec<PathBuf> = cases();
    for kind in &kinds {
        let output = Command::new(moonring()).args(["explain", kind]).env_clear().output().unwrap();
        let told = stdout(&output);
        let meaning = told.lines().next().unwrap();
        assert!(page.contains(&format!("| {kind} | ")) && page.contains(meaning), "{told}");
        assert!(cases.iter().any(|case| case.ends_with(format!("{kind}/wrong"))), "{kind}");
        // A comment that allows it is no problem for `check`.
        let folder = tempfile::tempdir().unwrap();
        let script =
            format!("return function() -- moonring: allow {kind} (a reason)\nend -- none\n");
        std::fs::write(folder.path().join("main.lua"), script).unwrap();
        let mut check = Command::new(moonring());
        check.args(["check", "--strict", "--scripts", "."]).current_dir(folder.path());
        let checked = check.env_clear().output().unwrap();
        assert!(checked.status.success(), "{kind}: {}", stdout(&checked));
    }
    let case = project("tests/explore/silence/quiet");
    let report: Value = serde_json::from_slice(&explore(&case, &["--sarif"]).stdout).unwrap();
    let rules = report["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(kinds.len(), rules.len());
}
