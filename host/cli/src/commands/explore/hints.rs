//! What scripts and their config tell of calls that are worth a walk: who calls, what is typed, and
//! whether the time matters.

use std::collections::BTreeSet;

use anyhow::Context as _;
use moonring_check::required_files;
use moonring_exchange::is_phone_number;
use moonring_runtime::ScriptText;
use moonring_store::{Caps, Source, take};
use serde_json::{Map, Value};

use super::times::NamedTimes;

/// The most callers, and the most texts of digits.
const NUMBERS: usize = 4;
const DIGITS: usize = 40;
/// The most numbers of routes.
const ROUTED: usize = 12;
/// What names of time zones begin with.
const AREAS: [&str; 8] =
    ["Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// What the scripts tell.
pub(super) struct Hints {
    /// Numbers by which they look up who calls.
    pub(super) numbers: Vec<String>,
    /// Digits that they compare with what is typed, such as a PIN.
    pub(super) digits: Vec<String>,
    /// Whether they look at who calls.
    pub(super) asks_who_calls: bool,
    /// The time zone that they or their config name, where they name one.
    pub(super) zone: Option<String>,
    /// Numbers of routes: who calls, and who is called.
    pub(super) routed: Vec<String>,
    /// Whether they ask for the time.
    pub(super) asks_for_time: bool,
    /// When calls are worth a walk, the usual time first.
    pub(super) times: Vec<String>,
    /// Whether they make calls, and answer none.
    pub(super) is_only_outbound: bool,
    /// Whether they make calls.
    pub(super) is_outbound: bool,
    /// Whether they read what calls were made with.
    pub(super) reads_arguments: bool,
}

impl Hints {
    /// Reads the scripts, and the release's config.
    ///
    /// # Errors
    /// When the scripts cannot be read.
    pub(super) fn of(
        source: &dyn Source,
        script: Option<&str>,
        scripts: &[ScriptText],
        settings: &Map<String, Value>,
    ) -> anyhow::Result<Self> {
        let scripts = answering(script, scripts);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("cannot start the async runtime")?;
        let caps = Caps { file_bytes: u64::MAX, release_bytes: u64::MAX, files: usize::MAX };
        let snapshot = runtime.block_on(take(source, None, caps))?;
        let files = snapshot.iter().flat_map(|snapshot| &snapshot.files);
        let mut found = Found::default();
        found.look(&Value::Object(settings.clone()));
        for file in files.filter(|file| file.entry.name.ends_with(".json")) {
            if let Ok(value) = serde_json::from_slice(&file.text) {
                found.look(&value);
            }
        }
        for script in &scripts {
            found.look_at_text(&script.text);
            found.times.look_at_script(&script.text);
        }
        let has = |word: &str| scripts.iter().any(|script| script.text.contains(word));
        let makes_calls = has("new_outbound_call") || has("call_answered");
        // These modules answer calls that they have made themselves.
        let is_called_back = has("@std/callback") || has("@std/notify");
        Ok(Self {
            numbers: found.numbers.into_iter().take(NUMBERS).collect(),
            digits: found.digits.into_iter().take(DIGITS).collect(),
            asks_who_calls: has(".from"),
            asks_for_time: ["time.", "@std/hours", "os.date", "os.time", "started_at"]
                .iter()
                .any(|word| has(word)),
            times: found.times.times(),
            zone: zone_of(&scripts, &found.texts),
            is_only_outbound: makes_calls && !has("new_inbound_call"),
            is_outbound: makes_calls
                || has(".arguments")
                || has(".direction")
                || has("wait_for_answer")
                || is_called_back,
            routed: routed(&scripts),
            reads_arguments: has(".arguments") || is_called_back,
        })
    }
}

/// The scripts that answer: the one that was named, with what it requires, or else all.
fn answering<'a>(script: Option<&str>, scripts: &'a [ScriptText]) -> Vec<&'a ScriptText> {
    let files = || scripts.iter().map(|script| script.file.as_str());
    let named = script.and_then(|script| {
        let endings = ["lua", "luau"].map(|ending| format!("{script}.{ending}"));
        files().find(|file| endings.iter().any(|ending| ending == file))
    });
    let Some(named) = named else { return scripts.iter().collect() };
    let (mut met, mut next) = (BTreeSet::from([named]), vec![named]);
    while let Some(file) = next.pop() {
        let text = scripts.iter().find(|script| script.file == file).map(|it| it.text.as_str());
        let required = required_files(file, text.unwrap_or_default(), files());
        next.extend(required.into_iter().filter(|file| met.insert(file)));
    }
    scripts.iter().filter(|script| met.contains(script.file.as_str())).collect()
}

#[derive(Default)]
struct Found {
    numbers: BTreeSet<String>,
    digits: BTreeSet<String>,
    texts: Vec<String>,
    times: NamedTimes,
}

/// The first text that is the name of a time zone.
fn zone_of(scripts: &[&ScriptText], texts: &[String]) -> Option<String> {
    let quoted = scripts.iter().flat_map(|script| script.text.split(['"', '\'']));
    let mut all = quoted.chain(texts.iter().map(String::as_str));
    let is_zone = |text: &&str| {
        let is_name = text.split_once('/').is_some_and(|(area, _)| AREAS.contains(&area));
        is_name && moonring_spec::at_ms("2026-06-01 10:00", Some(text), 0).is_ok()
    };
    all.find(is_zone).map(str::to_owned)
}

/// Numbers that stand in routes.
fn routed(scripts: &[&ScriptText]) -> Vec<String> {
    let routes = scripts.iter().filter(|script| script.file.starts_with("routes."));
    let quoted = routes.flat_map(|script| script.text.split(['"', '\'']));
    let numbers: BTreeSet<&str> = quoted.filter(|text| is_phone_number(text)).collect();
    numbers.into_iter().take(ROUTED).map(str::to_owned).collect()
}

impl Found {
    fn look(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                let numbers = fields.keys().filter(|key| is_phone_number(key));
                self.numbers.extend(numbers.cloned());
                fields.keys().for_each(|key| self.add(key));
                for (name, value) in fields {
                    if let Some(number) = value.as_u64() {
                        self.times.look_at_number(name, number);
                    }
                    self.look(value);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.look(value)),
            Value::String(text) => {
                self.add(text);
                self.times.look(text);
                self.texts.push(text.clone());
            }
            Value::Number(number) => self.add(&number.to_string()),
            _ => {}
        }
    }

    /// The texts in quotes of a script.
    fn look_at_text(&mut self, text: &str) {
        // Numbers that who calls is compared with.
        for line in text.lines().filter(|line| line.contains(".from")) {
            let quoted = line.split(['"', '\'']).filter(|part| is_phone_number(part));
            self.numbers.extend(quoted.map(str::to_owned));
        }
        for quote in ['"', '\''] {
            for part in text.split(quote) {
                self.add(part);
                self.times.look(part);
            }
        }
    }

    fn add(&mut self, text: &str) {
        if (2..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            self.digits.insert(text.to_owned());
        }
    }
}
