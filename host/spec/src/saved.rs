//! A call that was played, as a test that plays it again.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use moonring_exchange::{Entry, Happened, Tag, Trace};
use moonring_sim::PlayedCall;
use serde_json::{Map, Value};

use crate::acts::{Acts, HungUp};
use crate::clock::written;
use crate::lua_text::{lua, quoted};

/// What a call was like before anything happened in it.
#[derive(Debug, Clone, Default)]
pub struct CallStart {
    /// The number calling.
    pub from: String,
    /// The number called.
    pub to: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The headers that came with it.
    pub sip_headers: Map<String, Value>,
    /// The arguments it was made with, where the script made it.
    pub arguments: Option<Map<String, Value>>,
    /// Actions that failed in it, with their errors.
    pub failures: Vec<(String, String)>,
    /// The events at which a script failed, by their time in milliseconds since 1970.
    pub failed_at: Vec<u64>,
    /// What was laid over the config of the release.
    pub config: Map<String, Value>,
}

/// After how long somebody answers who is not told when.
const ANSWERS_AFTER: Duration = Duration::from_secs(3);
/// The longest time between two keys that are pressed in a row.
const BETWEEN_KEYS: Duration = Duration::from_millis(250);
/// A pause that is shorter is no pause.
const PAUSE: Duration = Duration::from_secs(1);

/// A test of this name that plays a call again and wants to hear what was heard.
pub fn saved_test(name: &str, call: &PlayedCall, start: &CallStart) -> String {
    let trace = call.trace();
    let mut writer = Writer {
        text: String::new(),
        busy_until: Duration::ZERO,
        named: false,
        acts: Acts::of(call),
        // Another call of the same terminal may have failed before.
        failed: start.failed_at.iter().filter_map(|at| at.checked_sub(start.at_ms)).collect(),
    };
    let _ = writeln!(writer.text, "test({}, function(t)", quoted(name));
    writer.line(&format!("t:at({})", quoted(&written(start.at_ms))));
    if !start.config.is_empty() {
        writer.line(&format!("t:config {}", lua(&Value::Object(start.config.clone()))));
    }
    for (action, error) in &start.failures {
        writer.line(&format!("t:fail({}, {})", quoted(action), quoted(error)));
    }
    writer.replies(trace);
    writer.call(start, trace);
    for (number, entry) in trace.entries.iter().enumerate() {
        writer.entry(entry, &trace.entries[number + 1..], &trace.entries[..number]);
    }
    writer.text.push_str("end)\n");
    writer.text
}

struct Writer {
    text: String,
    /// Until when the entries so far explain the time.
    busy_until: Duration,
    /// Whether a callee has a name in the test.
    named: bool,
    acts: Acts,
    /// When a script failed, in milliseconds from the start of the call.
    failed: BTreeSet<u64>,
}

impl Writer {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "  {line}");
    }

    /// What other services said, in order; meetings and storage are played.
    fn replies(&mut self, trace: &Trace) {
        let answers = trace.entries.iter().filter_map(|entry| match &entry.happened {
            Happened::Answered { api_calls, .. } => Some(api_calls),
            _ => None,
        });
        for call in answers.flatten() {
            let operation = call["operation"].as_str().unwrap_or_default();
            let input =
                |name: &str| call.pointer(&format!("/input/{name}")).and_then(Value::as_str);
            if operation.starts_with("chime-sdk-") && call.get("error").is_none() {
                continue;
            }
            if operation == "storage:get" && call.get("error").is_none() {
                let (key, value) = (input("key").unwrap_or_default(), &call["output"]);
                if !value.is_null() {
                    self.line(&format!("t:storage {{ [{}] = {} }}", quoted(key), lua(value)));
                }
                continue;
            }
            if operation.starts_with("storage:") && call.get("error").is_none() {
                continue;
            }
            if call.get("error").is_some_and(is_nobodys) {
                self.line(&format!(
                    "-- Nothing answered {operation}: write its reply here, such as t:reply({}, {{ … }})",
                    quoted(operation)
                ));
                continue;
            }
            let pattern = match input("url") {
                Some(url) => format!("{operation} {url}"),
                None => operation.to_owned(),
            };
            let reply = match (call.get("error"), call.get("output")) {
                (Some(error), _) => format!("{{ error = {} }}", lua(error)),
                (None, Some(output)) if operation.starts_with("http:") => lua(output),
                (None, output) => format!("{{ output = {} }}", output.map_or("{}".to_owned(), lua)),
            };
            self.line(&format!("t:reply({}, {reply})", quoted(&pattern)));
        }
    }

    fn call(&mut self, start: &CallStart, trace: &Trace) {
        let mut options = format!("from = {}, to = {}", quoted(&start.from), quoted(&start.to));
        if !start.sip_headers.is_empty() {
            let headers = Value::Object(start.sip_headers.clone());
            let _ = write!(options, ", sip_headers = {}", lua(&headers));
        }
        let word = match &start.arguments {
            Some(arguments) => {
                let arguments = Value::Object(arguments.clone());
                let _ = write!(options, ", arguments = {}", lua(&arguments));
                let ends = trace.entries.iter().rev().find_map(|entry| match &entry.happened {
                    Happened::Ends { leg: Tag::A, code } => Some(*code),
                    _ => None,
                });
                match ends {
                    Some(486) => options.push_str(", pickup = \"busy\""),
                    Some(480) => options.push_str(", pickup = \"never\""),
                    _ => {}
                }
                "outbound"
            }
            None => "call",
        };
        self.line(&format!("local c = t:{word} {{ {options} }}"));
    }

    fn entry(&mut self, entry: &Entry, later: &[Entry], earlier: &[Entry]) {
        let at = entry.at;
        match &entry.happened {
            Happened::Invoked { event, attempt: 1 }
                if event["InvocationEventType"] == "CALL_UPDATE_REQUESTED" =>
            {
                self.pause(at, Tag::A);
                let arguments = event.pointer("/ActionData/Parameters/Arguments");
                let arguments = arguments.map_or_else(|| "{}".to_owned(), lua);
                self.line(&format!("t:update(c, {arguments})"));
            }
            Happened::Hears { what, .. } if what.trim().is_empty() => {}
            Happened::Hears { leg, what, is_audio, .. } => {
                let wanted = match is_audio {
                    true => {
                        format!("{{ file = {} }}", quoted(what.rsplit('/').next().unwrap_or(what)))
                    }
                    false => quoted(what),
                };
                // The key of a recording is another each time.
                let is_recorded = |entry: &Entry| matches!(&entry.happened, Happened::Records { file, .. } if what.ends_with(file.as_str()));
                let line = match earlier.iter().any(is_recorded) {
                    true => format!("{}:hears {{ pattern = \"^s3://\" }}", self.who(*leg)),
                    false if *is_audio => format!("{}:hears {wanted}", self.who(*leg)),
                    false => format!("{}:hears({wanted})", self.who(*leg)),
                };
                self.line(&line);
            }
            Happened::Presses { leg, .. } if continues(earlier, *leg) => {}
            Happened::Presses { leg, is_heard, .. } => {
                self.pause(at, *leg);
                let keys = self.acts.keys(*leg, 1 + count_keys(later, *leg));
                // Behind other keys nobody waits to be asked.
                let mark = if *is_heard && !follows_keys(earlier, *leg, at) { "" } else { "!" };
                let word = quoted(&format!("{mark}{keys}"));
                let is_secret = keys.contains('•');
                let note =
                    if is_secret { " -- typed in confidence: write the keys here" } else { "" };
                let line = format!("{}:presses({word}){note}", self.who(*leg));
                self.line(&line);
            }
            // Nobody hears it.
            Happened::Talks { lasts, words: None, .. } if !is_listened_to(earlier) => {
                self.busy_until = at + *lasts;
            }
            Happened::Talks { leg, lasts, words } => {
                let line = match words {
                    Some(words) => format!("{}:says({})", self.who(*leg), quoted(words)),
                    None => format!("{}:talks({})", self.who(*leg), lasts.as_secs_f64()),
                };
                self.line(&line);
                self.busy_until = at + *lasts;
            }
            Happened::Rings { leg: Tag::B, to, .. } => self.rings(at, to, later),
            Happened::Joins { .. } => self.line("c:joins()"),
            Happened::Records { file, .. } => {
                let (bucket, key) = file.split_once('/').unwrap_or((file, ""));
                let prefix = key.split_once('/').map(|(folder, _)| format!("{folder}/"));
                let prefix =
                    prefix.filter(|prefix| !prefix.starts_with(|one: char| one.is_ascii_digit()));
                let prefix = prefix.map(|prefix| format!(", prefix = {}", quoted(&prefix)));
                let prefix = prefix.unwrap_or_default();
                self.line(&format!("c:records {{ bucket = {}{prefix} }}", quoted(bucket)));
            }
            // With the caller everybody is gone.
            Happened::Ends { leg: Tag::B, .. } if has_ended(earlier) => {}
            Happened::Ends { leg: Tag::B, .. } if self.has_hung_up(Tag::B, at) => {
                self.pause(at, Tag::B);
                let who = self.who(Tag::B);
                self.line(&format!("{who}:hangs_up()"));
            }
            Happened::Ends { leg: Tag::A, code } => {
                let why = match code {
                    486 => "busy",
                    480 => "no_answer",
                    _ if self.has_hung_up(Tag::A, at) => {
                        self.pause(at, Tag::A);
                        self.line("c:hangs_up()");
                        "caller"
                    }
                    _ => "script",
                };
                self.line(&format!("c:ends({})", quoted(why)));
            }
            Happened::NotAnswered { .. } => self.line("c:fails()"),
            _ => {}
        }
        if matches!(entry.happened, Happened::Invoked { attempt: 1, .. }) {
            let at = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
            if self.failed.remove(&at) {
                self.line("c:fails()");
            }
        }
        self.busy_until = self.busy_until.max(at);
    }

    /// Whether somebody hung up at this moment.
    fn has_hung_up(&self, tag: Tag, at: Duration) -> bool {
        self.acts.hung_up.contains(&HungUp { tag, at })
    }

    /// Who is meant, as the test names them.
    fn who(&self, leg: Tag) -> &'static str {
        if leg == Tag::A { "c" } else { "callee" }
    }

    /// Somebody does something after a time in which nothing was heard.
    fn pause(&mut self, at: Duration, leg: Tag) {
        let gap = at.saturating_sub(self.busy_until);
        if gap >= PAUSE {
            let seconds = (gap.as_secs_f64() * 10.0).round() / 10.0;
            let who = self.who(leg);
            self.line(&format!("{who}:silence({seconds})"));
        }
    }

    fn rings(&mut self, at: Duration, to: &str, later: &[Entry]) {
        let mut came = None;
        for entry in later {
            came = match &entry.happened {
                Happened::Connects { leg: Tag::B } if entry.at == at + ANSWERS_AFTER => {
                    Some("answers()".to_owned())
                }
                Happened::Connects { leg: Tag::B } => {
                    Some(format!("answers({})", entry.at.saturating_sub(at).as_secs_f64()))
                }
                Happened::Ends { leg: Tag::B, .. } if entry.at <= at + Duration::from_secs(1) => {
                    Some("is_busy()".to_owned())
                }
                Happened::Ends { leg: Tag::B, .. } | Happened::Rings { leg: Tag::B, .. } => {
                    Some("ignores()".to_owned())
                }
                _ => None,
            };
            if came.is_some() {
                break;
            }
        }
        let came = came.unwrap_or_else(|| "ignores()".to_owned());
        let is_used = later.iter().any(|entry| {
            matches!(
                &entry.happened,
                Happened::Hears { leg: Tag::B, .. }
                    | Happened::Presses { leg: Tag::B, .. }
                    | Happened::Talks { leg: Tag::B, .. }
                    | Happened::Ends { leg: Tag::B, .. }
            )
        });
        let name = match (is_used, self.named) {
            (false, _) => "",
            (true, true) => "callee = ",
            (true, false) => "local callee = ",
        };
        self.named |= is_used;
        self.line(&format!("{name}c:rings({}):{came}", quoted(to)));
    }
}

/// Whether a key belongs to those that the test has just named.
fn continues(earlier: &[Entry], leg: Tag) -> bool {
    matches!(
        earlier.last().map(|entry| &entry.happened),
        Some(Happened::Presses { leg: last, .. }) if *last == leg
    )
}

/// Whether the caller's leg has ended.
fn has_ended(earlier: &[Entry]) -> bool {
    earlier.iter().any(|entry| matches!(entry.happened, Happened::Ends { leg: Tag::A, .. }))
}

/// Whether somebody has pressed another key just before.
fn follows_keys(earlier: &[Entry], leg: Tag, at: Duration) -> bool {
    let mut keys = earlier.iter().rev().filter(
        |entry| matches!(&entry.happened, Happened::Presses { leg: other, .. } if *other == leg),
    );
    keys.next().is_some_and(|last| at.saturating_sub(last.at) <= BETWEEN_KEYS)
}

/// Whether an error is this program's own, which had nobody to ask.
fn is_nobodys(error: &Value) -> bool {
    let code = error.get("code").and_then(Value::as_str).unwrap_or_default();
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    code.is_empty()
        && ["nothing answers", "no reply is recorded"].iter().any(|own| message.starts_with(own))
}

/// How many more keys somebody presses in a row.
fn count_keys(later: &[Entry], leg: Tag) -> usize {
    let is_key = |entry: &&Entry| matches!(&entry.happened, Happened::Presses { leg: other, .. } if *other == leg);
    later.iter().take_while(is_key).count()
}

/// Whether something is recorded, or somebody else is on the line.
fn is_listened_to(earlier: &[Entry]) -> bool {
    let last = earlier.iter().rev().find_map(|entry| match &entry.happened {
        Happened::Does { action, .. } if action == "RecordAudio" => Some(true),
        Happened::Connects { leg: Tag::B } | Happened::Joins { .. } => Some(true),
        Happened::Records { .. } | Happened::Ends { .. } => Some(false),
        _ => None,
    });
    last.unwrap_or(false)
}
