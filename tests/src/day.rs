//! A day in miniature: 2,000 calls through four processes and two releases, and the five questions
//! that an operator asks of the log.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use harness::{Function, moonring, new_call};
use serde_json::Value;

use crate::flows::pressed;

/// Says hello, asks, and is slow for one number. BLUE is what comes of a choice.
const SCRIPT: &str = "return function(call)
  if call.from == '+12065550199' then
    local sum = 0
    for number = 1, 3e6 do sum += number end
  end
  local choice = call:menu { say = 'Red is 1, blue is 2.', options = { 'red', 'blue' } }
  BLUE
  call:say('Goodbye.')
end";

const CALLS: usize = 2000;
/// The call that is slow.
const SLOW: usize = 777;

/// Every fiftieth caller wants blue.
fn wants_blue(number: usize) -> bool {
    number % 50 == 7
}

fn id(number: usize) -> String {
    format!("{number:08x}-0000-4000-8000-00000000da77")
}

fn release(folder: &Path, name: &str, blue: &str) -> String {
    let scripts = folder.join(name);
    std::fs::create_dir(&scripts).unwrap();
    std::fs::write(scripts.join("main.lua"), SCRIPT.replace("BLUE", blue)).unwrap();
    scripts.to_str().unwrap().to_owned()
}

/// Plays a call whose second event may come to another process.
fn play(number: usize, functions: &[Function]) {
    let (mut call, mut attributes) = (new_call(), Value::Null);
    call["CallDetails"]["TransactionId"] = id(number).into();
    let from = if number == SLOW { "+12065550199" } else { "+12065550142" };
    call["CallDetails"]["Participants"][0]["From"] = from.into();
    let first = functions[number % 2].invoke(&call).answer;
    let key = if wants_blue(number) { "2" } else { "1" };
    let event = pressed(&call, &first, &mut attributes, key);
    functions[number / 2 % 2].invoke(&event);
}

#[test]
fn five_questions_about_a_day_have_an_answer_each() {
    let folder = tempfile::tempdir().unwrap();
    let sound = release(folder.path(), "sound", "");
    let broken =
        release(folder.path(), "broken", "if choice == 'blue' then error('no more of blue') end");
    let start = |scripts: &str| {
        [(); 2].map(|()| {
            Function::start(&[("MOONRING_SCRIPTS", scripts), ("MOONRING_REFRESH_SECONDS", "3600")])
        })
    };
    let (morning, evening) = (start(&sound), start(&broken));
    (0..CALLS / 2).for_each(|number| play(number, &morning));
    (CALLS / 2..CALLS).for_each(|number| play(number, &evening));
    let lines: Vec<Value> = morning.iter().chain(&evening).flat_map(Function::log).collect();
    let newest = evening[0].event_lines()[0]["release"].clone();
    let log = folder.path().join("day.log");
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(&log, text).unwrap();

    let mut command = Command::new(moonring());
    command.args(["tail", "--summary", "--json", "--file"]).arg(&log);
    let told = command.env_clear().output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let day: Value = serde_json::from_slice(&told.stdout).unwrap();
    let failed: BTreeSet<String> =
        (CALLS / 2..CALLS).filter(|number| wants_blue(*number)).map(id).collect();
    // How many calls failed?
    assert_eq!((&day["calls"], &day["events"]), (&CALLS.into(), &(2 * CALLS).into()));
    let heard: BTreeSet<String> =
        day["failed_calls"].as_object().unwrap().keys().cloned().collect();
    // Which callers heard the fallback?
    assert_eq!(heard, failed);
    assert!(day["failed_calls"].as_object().unwrap().values().all(|from| from == "…0142"));
    // Why, and since which release?
    let failures = day["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1, "{day}");
    assert_eq!(failures[0]["why"], "error: main.lua:7: no more of blue");
    assert_eq!(failures[0]["calls"].as_array().unwrap().len(), failed.len());
    assert_eq!(failures[0]["releases"], serde_json::json!([newest]));
    // What is slow?
    assert_eq!(day["slowest"][0]["call"], id(SLOW), "{}", day["slowest"]);
}
