//! Flows, played: the cases of `tests/flows`, one folder a script, one file a call.

mod data;
mod golden;
mod limits;
mod moments;
mod property;
mod stage;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use moonring_exchange::{Readings, WhenLegLeaves};
use moonring_sim::{Pickup, World};
use stage::{Seen, Setting, Troupe, Way, call, play, updater};

use super::*;
use crate::flow::method::{DOCS, METHODS, Sends};
use moonring_flow::Journal;

#[test]
fn the_page_of_methods_is_made_from_the_list_of_methods() {
    expect_test::expect_file!["../../../../../docs/reference/call.md"]
        .assert_eq(&crate::call_markdown());
}

#[test]
fn every_example_of_the_page_of_methods_comes_to_its_method_and_plays_to_its_end() {
    for (method, doc) in METHODS.iter().zip(DOCS) {
        let name = method.name;
        // The example of `become` becomes itself.
        let main = ("main.lua".to_owned(), doc.example.as_bytes().to_vec());
        let troupe = Troupe::of(&[main], &Map::new());
        let setting = Setting { is_outbound: name == "wait_for_answer", ..Setting::default() };
        let seen = seen(&troupe, &Arc::new(World::default()), &setting, &[Way::Cold]).unwrap();
        assert!(seen.errors.is_empty(), "{name}: {:?}", seen.errors);
        assert!(!seen.story.is_empty(), "{name}");
        if let Sends::Waiting { kind, .. } = method.sends {
            let journals = seen.events.iter().filter_map(|(event, ..)| {
                let attributes = &event["CallDetails"]["TransactionAttributes"];
                Journal::read(attributes["_mr1"].as_str()?)
            });
            let mut steps = journals.flat_map(|journal| {
                let pending = journal.notes.step.map(|(kind, _)| kind);
                let ended = journal.entries().iter().map(|entry| entry.kind).collect::<Vec<_>>();
                ended.into_iter().chain(pending)
            });
            assert!(steps.any(|step| step == kind), "{name}: its example does not come to it");
        }
    }
}

/// Both readings of every open rule that a flow could notice.
fn readings() -> Vec<(&'static str, Readings)> {
    let own = Readings::default();
    vec![
        ("as decided", own),
        ("rule 25: only the last action reports", Readings { only_last_reports: true, ..own }),
        ("rule 20: speech does not report", Readings { speech_twins_report: false, ..own }),
        (
            "rule 42: a hang-up in a bridge is not reported",
            Readings { bridge_hangup_reports: false, ..own },
        ),
        (
            "rule 45: whoever leaves leaves quietly",
            Readings { when_leg_leaves: WhenLegLeaves::Quietly, ..own },
        ),
        ("rule 48: the second leg comes first", Readings { second_leg_first: true, ..own }),
        ("rule 36: an update waits for a Speak", Readings { speak_is_interruptible: false, ..own }),
        ("rule 74: a leaving interrupts", Readings { leaving_interrupts: true, ..own }),
        ("keys do not interrupt", Readings { digits_interrupt: false, ..own }),
        ("a bridge rings", Readings { bridge_rings: true, ..own }),
        ("a new call has a status", Readings { new_call_has_status: true, ..own }),
        ("rule 39: meeting legs are swapped", Readings { meeting_leg_swapped: true, ..own }),
    ]
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Plays a call in several ways; they must all be the same.
fn seen(
    troupe: &Troupe,
    world: &Arc<World>,
    setting: &Setting,
    ways: &[Way],
) -> Result<Seen, String> {
    let run = |way| play(troupe, way, call(world, setting), updater(setting));
    let warm = run(Way::Warm);
    for way in ways {
        let other = run(*way);
        if other != warm {
            let differs =
                other.answers.iter().zip(&warm.answers).find(|(other, warm)| other != warm);
            return Err(format!(
                "warm\n{}\n{way:?}\n{}\nfirst difference: {differs:#?}",
                told(&warm),
                told(&other)
            ));
        }
    }
    Ok(warm)
}

/// The bot of all calls that have one: by the names that scripts have for it.
const BOTS: [&str; 2] = [
    "arn:aws:lex:us-east-1:111122223333:bot-alias/BOT/ALIAS",
    "arn:aws:lex:us-east-1:111122223333:bot-alias/BOT1234567/ALIAS12345",
];

/// What a bot makes of something, as with `--bots`: `{"intent": …, "slots": {…}}`.
fn intent(intent: &Value) -> moonring_exchange::Intent {
    let name = intent["intent"].as_str().unwrap().to_owned();
    let slots = intent["slots"].as_object().cloned().unwrap_or_default();
    moonring_exchange::Intent { name, slots, state: "ReadyForFulfillment".to_owned() }
}

/// The lines `name: value` at the head of a call's file.
fn setting(head: &str) -> (Setting, World) {
    let (mut setting, mut world) = (Setting::default(), World::default());
    world.readings.attribute_chars = 100_000;
    for line in head.lines().filter(|line| !line.trim().is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
        let value = value.trim();
        let pairs = || -> Map<String, Value> { serde_json::from_str(value).unwrap() };
        match name {
            "hours later" => setting.hours_later = value.parse().unwrap(),
            "caller" => {
                setting.caller.behavior = value.parse::<moonring_sim::Person>().unwrap().behavior
            }
            "callee" => {
                setting.callee.behavior = value.parse::<moonring_sim::Person>().unwrap().behavior
            }
            "callee picks up" | "called picks up" => {
                let pickup = match value {
                    "never" => Pickup::Never,
                    "busy" => Pickup::Busy,
                    "not" => Pickup::Refuses,
                    _ => panic!("{line}"),
                };
                if name.starts_with("callee") {
                    setting.callee.pickup = pickup
                } else {
                    setting.caller.pickup = pickup
                }
            }
            "outbound" => (setting.is_outbound, setting.arguments) = (true, pairs()),
            "headers" => setting.headers = pairs(),
            "bot" => {
                let bot: Map<String, Value> = pairs();
                let intents =
                    bot.into_iter().map(|(said, intent)| (said, self::intent(&intent))).collect();
                let bot = moonring_sim::Bot { intents };
                BOTS.iter().for_each(|arn| drop(world.bots.insert((*arn).to_owned(), bot.clone())));
            }
            "fail" => {
                let (action, error) = value.split_once('=').unwrap();
                let message = moonring_exchange::failure_message(action, error).unwrap();
                world.faults.actions.insert(
                    action.to_owned(),
                    moonring_exchange::ActionError {
                        error_type: error.to_owned(),
                        message: message.to_owned(),
                    },
                );
            }
            "update after" => {
                let (text, arguments) = value.split_once(" = ").unwrap();
                setting.updates.push((text.to_owned(), serde_json::from_str(arguments).unwrap()));
            }
            _ => panic!("{line}"),
        }
    }
    (setting, world)
}

fn told(seen: &Seen) -> String {
    let mut lines = seen.story.clone();
    for (name, texts) in [("log", &seen.log), ("error", &seen.errors), ("request", &seen.requests)]
    {
        lines.extend(texts.iter().map(|text| format!("{name}: {text}")));
    }
    let journal = seen.answers.iter().rev().find_map(|answer| {
        let answer: Value = serde_json::from_str(answer).unwrap();
        answer["TransactionAttributes"]["_mr1"].as_str().map(str::to_owned)
    });
    lines.push(format!("invocations: {}", seen.answers.len()));
    lines.push(format!("journal: {}", journal.unwrap_or_default()));
    lines.join("\n")
}

/// The Lua files of a folder, by their names.
fn scripts_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let scripts = files.filter(|path| path.extension().is_some_and(|ending| ending == "lua"));
    scripts
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())
        })
        .collect()
}

/// The scripts of a folder: its own, or the example that it is named after.
fn troupe(folder: &Path) -> Troupe {
    let scripts = scripts_of(folder);
    let name = folder.file_name().unwrap().to_str().unwrap();
    let sample = project("tests/samples").join(name);
    match scripts.is_empty() {
        // A published handler's configuration, and what other services say to it.
        false if sample.exists() => Troupe {
            replies: json(&folder.join("replies.json")),
            ..Troupe::of(&scripts, &json(&sample.join("config.json")))
        },
        false => Troupe::of(&scripts, &Map::new()),
        true => example(folder.file_name().unwrap().to_str().unwrap()),
    }
}

fn example(name: &str) -> Troupe {
    let script = std::fs::read(project("scripts").join(format!("{name}.lua"))).unwrap();
    let config = std::fs::read(project("scripts/config.json")).unwrap();
    // Beside the call's own script, so that a script may become itself.
    let files = ["main".to_owned(), name.to_owned()].map(|file| (file + ".lua", script.clone()));
    Troupe::of(&files, &serde_json::from_slice(&config).unwrap())
}

fn json(path: &Path) -> Map<String, Value> {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The calls of a folder.
fn calls(folder: &Path) -> Vec<PathBuf> {
    let mut calls: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    calls.retain(|path| path.extension().is_some_and(|ending| ending == "call"));
    calls.sort();
    assert!(!calls.is_empty(), "{}", folder.display());
    calls
}

fn head(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap().split("\n---\n").next().unwrap().trim_end().to_owned()
}

#[test]
fn flows_need_no_more_invocations_than_handlers() {
    let mut table = String::from("| call | flow | handlers |\n|---|---|---|\n");
    for (flow, handlers) in [("meeting_flow", "meeting"), ("office", "office_handlers")] {
        let (mut fewer, folder) = (false, project("tests/flows").join(flow));
        for path in calls(&folder) {
            let (setting, mut world) = setting(&head(&path));
            world.readings.attribute_chars = 100_000;
            let world = Arc::new(world);
            let count = |name: &str| {
                let seen =
                    play(&example(name), Way::Warm, call(&world, &setting), updater(&setting));
                assert!(seen.errors.is_empty(), "{name}: {:?}", seen.errors);
                seen.answers.len()
            };
            let (one, other) = (count(flow), count(handlers));
            let name = path.file_stem().unwrap().to_str().unwrap().replace('_', " ");
            table += &format!("| {flow}: {name} | {one} | {other} |\n");
            assert!(one <= other, "{flow}, {name}: {one} invocations, and {other} with handlers");
            fewer |= one < other;
        }
        assert!(fewer, "{flow} saves nothing");
    }
    expect_test::expect_file![project("tests/flows/invocations.md")].assert_eq(&table);
}

/// What those on the line notice of a call, without the lines of the scripts that did it.
fn noticed(seen: &Seen) -> Vec<String> {
    let lines = seen.story.iter().filter(|line| line.contains("LEG-") && !line.contains("-->"));
    lines.map(|line| line.split("  (").next().unwrap().to_owned()).collect()
}

/// Lines of a script that are neither empty nor comments.
fn code_lines(path: &Path) -> usize {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--")).count()
}

#[test]
fn six_published_handlers_as_flows_end_the_same_for_the_caller_with_no_more_invocations_and_fewer_lines()
 {
    let mut table = String::from("| call | flow | handlers |\n|---|---|---|\n");
    let mut samples: Vec<_> = std::fs::read_dir(project("tests/samples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    samples.sort();
    let mut all = (0, 0);
    for sample in &samples {
        let name = sample.file_name().unwrap().to_str().unwrap();
        let folder = project("tests/flows").join(name);
        let handlers = || Troupe {
            replies: json(&folder.join("replies.json")),
            ..Troupe::new(
                &std::fs::read(sample.join("main.lua")).unwrap(),
                &json(&sample.join("config.json")),
            )
        };
        let (flow_lines, handlers_lines) =
            (code_lines(&folder.join("main.lua")), code_lines(&sample.join("main.lua")));
        assert!(
            flow_lines < handlers_lines,
            "{name}: {flow_lines} lines, and {handlers_lines} with handlers"
        );
        table += &format!("| **{name}**: lines | {flow_lines} | {handlers_lines} |\n");
        for path in calls(&folder) {
            let (setting, world) = setting(&head(&path));
            let world = Arc::new(world);
            let seen = |troupe: &Troupe| {
                play(troupe, Way::Warm, call(&world, &setting), updater(&setting))
            };
            let (one, other) = (seen(&troupe(&folder)), seen(&handlers()));
            let what = path.file_stem().unwrap().to_str().unwrap().replace('_', " ");
            assert_eq!(noticed(&one), noticed(&other), "{name}, {what}");
            let (one, other) = (one.answers.len(), other.answers.len());
            assert!(one <= other, "{name}, {what}: {one} invocations, and {other} with handlers");
            all = (all.0 + one, all.1 + other);
            table += &format!("| {name}: {what} | {one} | {other} |\n");
        }
    }
    table += &format!("| all calls | {} | {} |\n", all.0, all.1);
    assert!(all.0 < all.1, "nothing is saved");
    expect_test::expect_file![project("tests/flows/published.md")].assert_eq(&table);
}

#[test]
fn every_flow_is_the_same_warm_cold_and_delivered_twice_in_every_reading() {
    let mut cases = 0;
    let mut folders: Vec<_> = std::fs::read_dir(project("tests/flows"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let troupe = troupe(folder);
        for path in calls(folder) {
            cases += 1;
            let head = head(&path);
            let name = path.strip_prefix(project("tests/flows")).unwrap().display().to_string();
            for (reading, readings) in readings() {
                let (setting, mut world) = setting(&head);
                world.readings = Readings { attribute_chars: 100_000, ..readings };
                let is_first = reading == "as decided";
                // A VM of its own for every event is slow to make, and no reading of the service's
                // rules changes what it does.
                let ways =
                    if is_first { [Way::Cold, Way::Twice] } else { [Way::Forgetful, Way::Twice] };
                let seen = seen(&troupe, &Arc::new(world), &setting, &ways);
                let seen =
                    seen.unwrap_or_else(|difference| panic!("{name}, {reading}: {difference}"));
                if is_first {
                    expect_test::expect_file![&path]
                        .assert_eq(&format!("{head}\n---\n{}\n", told(&seen)));
                }
                let is_stuck =
                    seen.story.iter().any(|line| line.contains("nothing more would happen"));
                assert!(!is_stuck, "{name}, {reading}: nobody hung up\n{}", told(&seen));
            }
        }
    }
    assert!(cases >= 10, "found only {cases} calls");
}
