//! Journals that earlier versions have written: every later version goes on with them.
//!
//! A folder of `tests/journals` is a format; in it are scripts, and for each a recorded call: one line an event, with the journal it
//! brought and the answer it was given. `UPDATE_EXPECT=1` records what is missing, and never changes what is there.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::stage::{Troupe, Way, answers_of};
use super::*;

/// The calls that are recorded: together they have every kind of entry.
const CALLS: &[(&str, &str)] = &[
    ("voicemail", "whole"),
    ("voicemail", "nothing_can_be_said"),
    ("lookup", "whole"),
    ("hold", "keys"),
    ("hold", "connected"),
    ("accept", "declined"),
    ("reminder", "confirmed"),
    ("reminder", "busy"),
    ("transfer", "nobody_answers"),
];

#[test]
fn journals_of_every_version_are_gone_on_with() {
    let folder = project("tests/journals/1");
    let mut events = 0;
    for (script, name) in CALLS {
        let (lua, lines) = (folder.join(format!("{script}.lua")), folder.join(format!("{script}-{name}.jsonl")));
        if std::env::var_os("UPDATE_EXPECT").is_some() && !lines.exists() {
            record(script, name, &lua, &lines);
        }
        let troupe = Troupe::new(&std::fs::read(&lua).unwrap(), &Map::new());
        for line in std::fs::read_to_string(&lines).unwrap().lines() {
            events += 1;
            let line: Value = serde_json::from_str(line).unwrap();
            let (event, now) = (line["event"].clone(), line["now"].as_i64().unwrap());
            let answer = answers_of(&troupe, &event, now, line["arguments"].as_object().unwrap());
            assert_eq!(answer, line["answer"], "{script}-{name}: {event}");
        }
    }
    assert!(events > 40, "only {events} events");
}

/// Plays a call, and writes down what came and went.
fn record(script: &str, name: &str, lua: &Path, lines: &Path) {
    let folder = project("tests/flows").join(script);
    std::fs::create_dir_all(lua.parent().unwrap()).unwrap();
    std::fs::copy(folder.join("main.lua"), lua).unwrap();
    let (setting, mut world) = setting(&head(&folder.join(format!("{name}.call"))));
    world.readings.attribute_chars = 100_000;
    let played = play(&troupe(&folder), Way::Cold, call(&Arc::new(world), &setting), updater(&setting));
    let line = |(event, now, answer): &(Value, i64, Value)| {
        json!({"event": event, "now": now, "arguments": setting.arguments, "answer": answer}).to_string()
    };
    let text: Vec<_> = played.events.iter().map(line).collect();
    std::fs::write(lines, text.join("\n") + "\n").unwrap();
}
