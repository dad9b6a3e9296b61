//! Journals that earlier versions have written: every later version goes on with them.
//!
//! A folder of `tests/journals` is a format; in it are scripts, a file or a folder each, and for
//! each a recorded call: one line an event, with the journal it brought and the answer it was
//! given. `UPDATE_EXPECT=1` records what is missing, and never changes what is there.

use std::path::Path;
use std::sync::Arc;

use moonring_flow::{Journal, JournalEntry, StepKind, StepResult};
use serde_json::json;

use super::stage::{Troupe, Way, answers_of};
use super::*;

/// The calls that are recorded: the format, the script and the call. Together they have every kind
/// of entry.
const CALLS: &[(&str, &str, &str)] = &[
    ("1", "voicemail", "whole"),
    ("1", "voicemail", "nothing_can_be_said"),
    ("1", "lookup", "whole"),
    ("1", "hold", "keys"),
    ("1", "hold", "connected"),
    ("1", "accept", "declined"),
    ("1", "reminder", "confirmed"),
    ("1", "reminder", "busy"),
    ("1", "transfer", "nobody_answers"),
    ("1", "bot", "understood"),
    ("1", "act", "whole"),
    ("1", "secret", "different"),
    ("1", "refusals", "whole"),
    ("1", "waits_once_answered", "answered"),
    ("2", "become", "to_support"),
    ("2", "mute", "whole"),
    ("2", "secret_steps", "goes_on"),
    // The formats as they are, and notes that say what was sent.
    ("3", "accept", "declined"),
    ("3", "transfer", "nobody_answers"),
    ("3", "tones", "no_recording"),
    ("3", "become", "to_support"),
    // Entries by the place of their step, and common results in one character.
    ("4", "accept", "declined"),
    ("4", "transfer", "nobody_answers"),
    ("4", "become", "to_support"),
];

#[test]
fn journals_of_every_version_are_gone_on_with() {
    let mut events = 0;
    for (format, script, name) in CALLS {
        let folder = project("tests/journals").join(format);
        let lines = folder.join(format!("{script}-{name}.jsonl"));
        if std::env::var_os("UPDATE_EXPECT").is_some() && !lines.exists() {
            record(script, name, &folder, &lines);
        }
        let troupe = troupe_of(&folder, script);
        for line in std::fs::read_to_string(&lines).unwrap().lines() {
            events += 1;
            let line: Value = serde_json::from_str(line).unwrap();
            let (event, now) = (line["event"].clone(), line["now"].as_i64().unwrap());
            let answer = answers_of(&troupe, &event, now, line["arguments"].as_object().unwrap());
            goes_on_in_its_format(&event, &answer);
            // A call that begins now is skipped what was refused then: an empty prompt is no misuse
            // any more. One that had begun is refused it still.
            let begins = event["CallDetails"]["TransactionAttributes"]["_mr1"].is_null();
            if *script == "refusals" && begins {
                continue;
            }
            assert_eq!(
                in_newest_format(as_recorded(answer, &line["answer"], &event)),
                in_newest_format(line["answer"].clone()),
                "{script}-{name}: {event}"
            );
        }
    }
    assert!(events > 90, "only {events} events");
}

/// A journal is written on in the format it began in: an older host beside this one can read it.
fn goes_on_in_its_format(event: &Value, answer: &Value) {
    let format = |attributes: &Value| {
        let text = attributes["_mr1"].as_str()?.trim_start_matches(['!', '?', ';', ',']);
        text.chars().next()
    };
    let brought = format(&event["CallDetails"]["TransactionAttributes"]);
    let now = format(&answer["TransactionAttributes"]);
    // A flow that another becomes begins a journal of its own.
    if let (Some('1' | '3'), Some(now @ ('1' | '3'))) = (brought, now) {
        assert_eq!(brought, Some(now), "{event}");
    }
}

/// An answer whose journal is written anew.
fn in_newest_format(mut answer: Value) -> Value {
    let text = answer["TransactionAttributes"]["_mr1"].as_str();
    if let Some(journal) = text.and_then(Journal::read) {
        let again = with_words_of(&journal, &journal).to_text();
        answer["TransactionAttributes"]["_mr1"] = again.into();
    }
    answer
}

/// An answer, as the older host that recorded it would have given it: its journal does not say what
/// was sent, where the recorded one does not; and errors that were raised have the words that they
/// had then.
fn as_recorded(mut answer: Value, recorded: &Value, event: &Value) -> Value {
    let is_other = in_one_pause(&mut answer) | listening_to_nothing(&mut answer);
    let text = |attributes: &Value| attributes["_mr1"].as_str().map(str::to_owned);
    let brought = text(&event["CallDetails"]["TransactionAttributes"]);
    let then = text(&recorded["TransactionAttributes"]).or_else(|| brought.clone());
    let now = text(&answer["TransactionAttributes"]);
    let read = |text: Option<String>| text.as_deref().and_then(Journal::read);
    if let (Some(now), Some(then)) = (read(now), read(then)) {
        let mut now = with_words_of(&now, &then);
        if then.notes.sent.is_empty() && then.notes.former.is_empty() {
            now.notes.sent.clear();
            now.notes.former.clear();
        }
        if is_other {
            now.notes.sent.clone_from(&then.notes.sent);
        }
        let brought = read(brought).map(|brought| with_words_of(&brought, &brought));
        answer["TransactionAttributes"]["_mr1"] = now.to_text().into();
        if brought == Some(now) && recorded.get("TransactionAttributes").is_none() {
            answer.as_object_mut().unwrap().remove("TransactionAttributes");
        }
    }
    answer
}

/// An older host sent a silence in one part. Whether this one sends several.
fn in_one_pause(answer: &mut Value) -> bool {
    let actions = answer.get_mut("Actions").and_then(Value::as_array_mut);
    let Some(actions) = actions else { return false };
    let length = |action: &Value| action["Parameters"]["DurationInMilliseconds"].as_u64();
    let before = actions.len();
    let mut merged: Vec<Value> = Vec::new();
    for action in std::mem::take(actions) {
        match merged.last_mut() {
            Some(last) if last["Type"] == "Pause" && action["Type"] == "Pause" => {
                let sum = length(last).zip(length(&action)).map(|(one, other)| one + other);
                last["Parameters"]["DurationInMilliseconds"] = json!(sum);
            }
            _ => merged.push(action),
        }
    }
    *actions = merged;
    actions.len() < before
}

/// An older host did not listen while the first parts of a long question were heard. Whether this
/// one does.
fn listening_to_nothing(answer: &mut Value) -> bool {
    let actions = answer.get_mut("Actions").and_then(Value::as_array_mut);
    let Some(actions) = actions else { return false };
    let asks = |action: &Value| action["Type"].as_str().unwrap().ends_with("AndGetDigits");
    let before = actions.len();
    if actions.iter().any(asks) {
        actions.retain(|action| action["Type"] != "ReceiveDigits");
    }
    actions.len() < before
}

/// A journal with the messages of another one where both recorded an error.
fn with_words_of(now: &Journal, then: &Journal) -> Journal {
    let mut reworded =
        Journal::begin(now.started, &now.rule, now.headers.clone(), now.handover.clone());
    // Of what an older host refused to queue, some is skipped by this one.
    let steps = |journal: &Journal| -> Vec<_> {
        let is_step = |entry: &&JournalEntry| entry.kind != StepKind::QUEUED;
        journal.entries().iter().filter(is_step).cloned().collect()
    };
    let recorded = steps(then);
    for (index, mut entry) in steps(now).into_iter().enumerate() {
        if let (StepResult::Raised(_), Some(StepResult::Raised(words))) =
            (&entry.result, recorded.get(index).map(|then| &then.result))
        {
            entry.result = StepResult::Raised(words.clone());
        }
        reworded.add(entry, usize::MAX).unwrap();
    }
    reworded.notes = now.notes.clone();
    reworded.failed = now.failed;
    reworded
}

/// A recorded script: one file, or a folder of them.
fn troupe_of(folder: &Path, script: &str) -> Troupe {
    match folder.join(script) {
        several if several.is_dir() => Troupe::of(&scripts_of(&several), &Map::new()),
        _ => {
            Troupe::new(&std::fs::read(folder.join(format!("{script}.lua"))).unwrap(), &Map::new())
        }
    }
}

/// Plays a call, and writes down what came and went.
fn record(script: &str, name: &str, to: &Path, lines: &Path) {
    let folder = project("tests/flows").join(script);
    let files = scripts_of(&folder);
    match files.as_slice() {
        [(_, text)] => {
            std::fs::create_dir_all(to).unwrap();
            std::fs::write(to.join(format!("{script}.lua")), text).unwrap();
        }
        files => {
            std::fs::create_dir_all(to.join(script)).unwrap();
            files
                .iter()
                .for_each(|(name, text)| std::fs::write(to.join(script).join(name), text).unwrap());
        }
    }
    let (setting, mut world) = setting(&head(&folder.join(format!("{name}.call"))));
    world.readings.attribute_chars = 100_000;
    let played =
        play(&troupe(&folder), Way::Cold, call(&Arc::new(world), &setting), updater(&setting));
    let line = |(event, now, answer): &(Value, i64, Value)| {
        json!({"event": event, "now": now, "arguments": setting.arguments, "answer": answer})
            .to_string()
    };
    let text: Vec<_> = played.events.iter().map(line).collect();
    std::fs::write(lines, text.join("\n") + "\n").unwrap();
}
