//! Hostile scripts: one file each in `tests/hostile`, found by glob. The second line of a file says
//! how it ends.
//!
//! A file is the body of a handler. However it ends, the caller gets a valid answer in time, the
//! cancel flag ends it and not the hard deadline, the next call is unharmed and sees nothing of it,
//! and the log line is short.

use std::collections::BTreeSet;
use std::time::Duration;

use harness::{APOLOGY, Function, event_of, project, said};
use serde_json::Value;

/// What stands before the ways in which a script may end; more than one where a slow machine ends
/// it sooner.
const ENDS: &str = "-- ends as: ";

const MAIN: &str = "
local count = 0
return { default = function(event, call)
  count += 1
  local name = event.ActionData.ReceivedDigits
  if name == 'probe' then
    local function global(name) return if pcall(name) then 'there' else 'nil' end
    local g, shared = global(function() return G end), global(function() return shared end)
    local state = `{count} {g} {shared} {('x'):rep(3)} {string.format('%d', 7)} 0`
    return action.speak { text = state }
  end
  return require('./hostile/' .. name)(event, call)
end }";

#[test]
fn every_hostile_script_ends_as_it_says_and_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("hostile")).unwrap();
    std::fs::write(folder.path().join("main.lua"), MAIN).unwrap();
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(project("tests/hostile")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let body = format!("return function(event, call)\n{text}\nend\n");
        std::fs::write(folder.path().join(format!("hostile/{name}.lua")), body).unwrap();
        let ends = text.lines().find_map(|line| line.strip_prefix(ENDS)).unwrap_or_default();
        cases.push((name, ends.split(" | ").map(str::to_owned).collect::<BTreeSet<_>>()));
    }
    cases.sort();
    assert!(cases.len() >= 108, "found only {} hostile scripts", cases.len());
    let scripts = folder.path().to_str().unwrap();
    // The least memory that a function can have: whatever a script does, the process does not die
    // of it.
    let function = Function::start_within(
        128,
        &[("MOONRING_SCRIPTS", scripts), ("MOONRING_SCRIPT_DEADLINE_MS", "400")],
    );
    let send = |name: &str| {
        let mut event = event_of(name, "DIGITS_RECEIVED-ReceiveDigits-match");
        event["ActionData"]["ReceivedDigits"] = Value::from(name);
        function.invoke(&event)
    };
    let unharmed = said(&send("probe").answer).to_owned();
    assert_eq!(unharmed, "1 nil nil xxx 7 0");
    let mut failures = Vec::new();
    for (name, ends) in cases {
        let reply = send(&name);
        let line = function.event_lines().pop().unwrap();
        let end = line["reason"].as_str().unwrap_or("answered").to_owned();
        let is_valid = match end.as_str() {
            "answered" => reply.answer["SchemaVersion"] == "1.0",
            _ => said(&reply.answer) == APOLOGY && reply.answer["Actions"][1]["Type"] == "Hangup",
        };
        let text = line.to_string();
        let probe = send("probe");
        for (is_so, what) in [
            (ends.contains(&end), format!("it ended as {end}: {}", line["error"])),
            (is_valid, format!("its answer is {}", reply.answer)),
            (reply.took < Duration::from_secs(3), format!("it took {:?}", reply.took)),
            (text.len() < 4096, format!("its log line has {} bytes", text.len())),
            (!text.contains("0x"), format!("an address is logged: {text}")),
            (said(&probe.answer) == unharmed, format!("the next call heard {}", probe.answer)),
        ] {
            if !is_so {
                failures.push(format!("{name}: {what}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
