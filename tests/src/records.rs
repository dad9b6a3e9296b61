//! Calls that a host keeps: nothing of what was typed, no numbers, and a replay that finds no
//! difference until the script is another one.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use harness::{Function, S3, moonring, new_call, said};
use serde_json::{Value, json};

use crate::flows::pressed;

const SCRIPT: &str = "return function(call)
  local choice = call:menu { say = 'For your order, press 1.', options = { ['1'] = 'order', ['2'] = 'agent' } }
  if choice == 'agent' then
    call:say('One moment.')
  end
  local pin = call:ask { say = 'Your order number?', max = 6 }
  local order = storage.get('orders/' .. pin) or { state = 'not known' }
  call:say(`Order {table.concat(string.split(pin, ''), ' ')}: {order.state}. You call from {call.from}. Choice: {choice}.`)
  call:bridge { to = '+12065550101', caller_id = call.to }
end";

/// What was typed, and the ends of the numbers of the call.
const PRIVATE: [&str; 4] = ["739162", "7 3 9 1 6 2", "5550142", "5550117"];

/// Keeps a recorded call as a host does: a file for each event.
pub(crate) fn keep(transcript: &Path, folder: &Path) {
    let call: Value = serde_json::from_slice(&std::fs::read(transcript).unwrap()).unwrap();
    std::fs::create_dir_all(folder).unwrap();
    for (number, step) in (1..).zip(call["steps"].as_array().unwrap()) {
        let mut event = call.clone();
        (event["steps"], event["masked"]) = (json!([step]), true.into());
        std::fs::write(folder.join(format!("{number:06}.json")), event.to_string()).unwrap();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

struct Stage {
    s3: S3,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("scripts")).unwrap();
        let stage = Self { s3: S3::own(), folder };
        stage.write(SCRIPT);
        stage
    }

    fn write(&self, script: &str) {
        std::fs::write(self.folder.path().join("scripts/main.lua"), script).unwrap();
    }

    fn function(&self, percent: &str) -> Function {
        let (state, storage) =
            (format!("{}/state", self.s3.location()), format!("{}/stored", self.s3.location()));
        Function::start(&[
            ("MOONRING_SCRIPTS", self.folder.path().join("scripts").to_str().unwrap()),
            ("MOONRING_STATE", &state),
            ("MOONRING_STORAGE", &storage),
            ("MOONRING_RECORD", percent),
            ("MOONRING_LOG_DIGITS", "true"),
            ("MOONRING_LOG_NUMBERS", "true"),
            ("AWS_ENDPOINT_URL", &self.s3.endpoint),
        ])
    }

    /// Plays a call whose events come to two processes by turns.
    fn play(&self, functions: [&Function; 2]) {
        let (call, mut attributes) = (new_call(), Value::Null);
        let menu = functions[0].invoke(&call).answer;
        let mut chosen = pressed(&call, &menu, &mut attributes, "1");
        chosen["Sequence"] = json!(2);
        let ask = functions[1].invoke(&chosen).answer;
        let mut typed = pressed(&call, &ask, &mut attributes, "739162");
        typed["Sequence"] = json!(3);
        let told = functions[0].invoke(&typed).answer;
        assert_eq!(
            said(&told),
            "Order 7 3 9 1 6 2: sent. You call from +12065550142. Choice: order."
        );
    }

    /// The records, by their names.
    fn records(&self) -> BTreeMap<String, String> {
        let names = self.s3.names().into_iter().filter(|name| name.starts_with("state/records/"));
        names
            .map(|name| {
                let text = String::from_utf8(self.s3.get(&name)).unwrap();
                (name, text)
            })
            .collect()
    }

    /// Copies the records to a folder, as `aws s3 cp --recursive` does.
    fn copy(&self) -> std::path::PathBuf {
        let folder = self.folder.path().join("copied");
        for (name, text) in self.records() {
            let path = folder.join(name.strip_prefix("state/records/").unwrap());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn replay(&self, records: &Path, more: &[&str]) -> Output {
        let scripts = self.folder.path().join("scripts");
        let mut command = Command::new(moonring());
        command.arg("replay").arg(records).arg("--scripts").arg(scripts).args(more);
        command.output().unwrap()
    }
}

#[test]
fn recorded_calls_keep_no_keys_and_no_numbers_and_are_replayed() {
    let stage = Stage::new();
    stage.s3.put("stored/orders/739162.json", "{\"state\": \"sent\", \"phone\": \"+12065550142\"}");
    let functions = [stage.function("100"), stage.function("100")];
    stage.play([&functions[0], &functions[1]]);
    stage.play([&functions[1], &functions[0]]);
    harness::until("the records of six events", || (stage.records().len() == 6).then_some(()));
    for (name, record) in stage.records() {
        for private in PRIVATE {
            assert!(!record.contains(private), "{name} has {private}: {record}");
        }
        let step = &serde_json::from_str::<Value>(&record).unwrap()["steps"][0];
        let kept = &step["event"]["CallDetails"]["TransactionAttributes"];
        assert!(kept["_mr1"].is_null(), "{record}");
    }
    let copied = stage.copy();
    let same = stage.replay(&copied, &[]);
    let told = text(&same.stderr);
    assert_eq!(same.status.code(), Some(0), "{told}{}", text(&same.stdout));
    assert_eq!(told.matches("3 events, no differences").count(), 2, "{told}");

    let covered = text(&stage.replay(&copied, &["--coverage"]).stdout);
    assert!(covered.contains("lines that no call runs\n"), "{covered}");
    let line = covered.lines().find(|line| line.starts_with("main.lua")).unwrap();
    assert!(line.ends_with(" 4") && line.contains("1/2"), "{covered}");

    // A call of which an event is missing is told, and left out.
    let first_in = |folder: &Path| folder.read_dir().unwrap().next().unwrap().unwrap().path();
    let second = first_in(&first_in(&copied)).join("000002.json");
    let away = stage.folder.path().join("away.json");
    std::fs::rename(&second, &away).unwrap();
    let told = text(&stage.replay(&copied, &[]).stderr);
    assert!(told.contains(": event 2 of the call is missing, so it is not replayed"), "{told}");
    assert_eq!(told.matches("3 events, no differences").count(), 1, "{told}");
    std::fs::rename(&away, &second).unwrap();

    stage.write(&SCRIPT.replace("You call from", "You have called from"));
    let other = stage.replay(&copied, &[]);
    assert_eq!(other.status.code(), Some(1));
    let shown = text(&other.stdout);
    assert_eq!(shown.matches("now       \"… have called …\"").count(), 2, "{shown}");
}

#[test]
fn without_the_setting_nothing_is_kept() {
    let stage = Stage::new();
    stage.s3.put("stored/orders/739162.json", "{\"state\": \"sent\"}");
    let function = stage.function("0");
    stage.play([&function, &function]);
    // The next call is answered once the last event of the one before is done with.
    function.invoke(&new_call());
    assert!(stage.records().is_empty());
}

#[test]
fn a_record_that_cannot_be_kept_is_told_and_the_call_goes_on() {
    let stage = Stage::new();
    stage.s3.put("stored/orders/739162.json", "{\"state\": \"sent\"}");
    let proxy = harness::Proxy::start(&stage.s3.endpoint);
    proxy.fail_with(1..1000, 403);
    let state = format!("{}/state", stage.s3.location());
    let function = Function::start(&[
        ("MOONRING_SCRIPTS", stage.folder.path().join("scripts").to_str().unwrap()),
        ("MOONRING_STATE", &state),
        ("MOONRING_RECORD", "100"),
        ("AWS_ENDPOINT_URL", &proxy.endpoint),
    ]);
    let answer = function.invoke(&new_call()).answer;
    assert_eq!(answer["Actions"][0]["Type"], "SpeakAndGetDigits");
    let line = function.log_line("an event of a recorded call is not kept");
    assert_eq!(line["level"], "WARN");
}
