//! What is logged of an event: its one line, and what its script logged.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use moonring_engine::{Breadcrumb, LogKind, LogLevel};
use moonring_flow::Place;
use moonring_wire::action::Speak;
use moonring_wire::{Answer, Event, Participant};
use serde_json::Value;

use crate::Error;
use crate::event::redact::Redactor;
use crate::turn::Turn;

/// The most characters of a prompt in a caller's way.
const SAID: usize = 30;

/// What is known of an event when its line is written.
pub(crate) struct EventLine<'a> {
    pub(crate) event: Option<&'a Event>,
    pub(crate) turn: &'a Turn,
    pub(crate) answer: &'a Answer,
    /// Where the answer was made that the service refused, if the event says so of one.
    pub(crate) refused: Option<String>,
    pub(crate) error: Option<&'a Error>,
    /// When the event came.
    pub(crate) at: Instant,
    pub(crate) redactor: &'a Redactor<'a>,
}

/// What answered.
#[derive(Clone, Copy)]
struct ScriptName<'a> {
    script: Option<&'a str>,
    release: Option<&'a str>,
    alias: Option<&'a str>,
}

impl EventLine<'_> {
    /// Writes what the script logged, and the line of the event. The error, masked, for those who
    /// read it.
    pub(crate) fn write(&self) -> Option<String> {
        let script = self.script();
        self.write_log(script);
        self.write_line(script);
        let (place, text) = told(self.error?, self.redactor);
        Some(place.map(|place| format!("{place}: {text}")).unwrap_or(text))
    }

    fn script(&self) -> ScriptName<'_> {
        let selection = self.turn.selection.as_ref();
        ScriptName {
            script: selection.map(|selection| selection.chosen.script.as_str()),
            release: selection.map(|selection| selection.release.as_str()),
            alias: selection.and_then(|selection| selection.chosen.alias.as_deref()),
        }
    }

    fn write_line(&self, script: ScriptName<'_>) {
        let event = self.event;
        let actions: Vec<&str> = self
            .answer
            .actions
            .iter()
            .flatten()
            .map(|action| action.action_type.as_str())
            .collect();
        // An action that no builder knows is called what its script says.
        let actions = self.redactor.text(&actions.join(",")).into_owned();
        // Most events are about the first one.
        let leg = event.and_then(Event::action_leg).filter(|leg| *leg != "LEG-A");
        let journal = self.turn.is_flow.then(|| self.journal_characters());
        let requests = (!self.turn.asked.is_empty()).then(|| self.redactor.text(&self.turn.asked));
        let requests = requests.as_deref();
        let micros = u64::try_from(self.at.elapsed().as_micros()).unwrap_or(u64::MAX);
        let number = |read: fn(Participant<'_>) -> Option<&str>| {
            Some(self.redactor.number(read(event?.first_leg()?)?))
        };
        let (from, to) = (number(|leg| leg.from()), number(|leg| leg.to()));
        let call = event.and_then(Event::call_id);
        let sequence = event.and_then(Event::sequence);
        let event_type = event.map(|event| event.event_type().name());
        let action = event.and_then(Event::action_type);
        let digits =
            event.and_then(Event::received_digits).map(|digits| self.redactor.text(digits));
        let digits = digits.as_deref();
        let ScriptName { script, release, alias } = script;
        let refused_answer = self.refused.as_deref().map(|refused| self.redactor.text(refused));
        let refused_answer = refused_answer.as_deref();
        // What every line has; the level is a part of the macro's name.
        macro_rules! line {
            ($level:ident, $outcome:expr, $($more:tt)*) => {
                tracing::$level!(
                    call,
                    sequence,
                    event = event_type,
                    action,
                    leg,
                    from,
                    to,
                    digits,
                    script,
                    release,
                    alias,
                    actions,
                    requests,
                    journal,
                    micros,
                    outcome = $outcome,
                    refused_answer,
                    $($more)*
                    "event"
                )
            };
        }
        let Some(error) = self.error else {
            line!(info, "answered",);
            return;
        };
        let word = error.word();
        let (place, text) = told(error, self.redactor);
        let (file, line) = (place.map(|place| place.file.as_str()), place.map(|place| place.line));
        let text = text.as_str();
        let trace = match error {
            Error::Script(error) if !error.trace().is_empty() => Some(error.trace().join(" < ")),
            _ => None,
        };
        let outcome = if matches!(error, Error::Stranger(_)) { "refused" } else { "fallback" };
        let path = (!self.turn.breadcrumbs.is_empty()).then(|| self.told_path());
        let heard = self.heard();
        line!(error, outcome, reason = word, file, line, error = text, trace, path, heard,);
    }

    /// The characters of the journal that travels with the call, all of them ASCII.
    fn journal_characters(&self) -> u64 {
        // An answer without attributes leaves those that came.
        let is_own = |name: &str| name.starts_with("_mr") && name.len() > 3;
        let characters: usize = match &self.answer.transaction_attributes {
            Some(sent) => {
                let own = sent.iter().filter(|(name, _)| is_own(name));
                own.filter_map(|(_, value)| value.as_str()).map(str::len).sum()
            }
            None => {
                let came = self.event.and_then(Event::attributes).into_iter();
                let own = came.flat_map(|all| all.iter()).filter(|(name, _)| is_own(name));
                own.filter_map(|(_, value)| value.as_str()).map(str::len).sum()
            }
        };
        u64::try_from(characters).unwrap_or(u64::MAX)
    }

    /// The caller's way: `say Welcome > menu: 2 > ask: ****`.
    fn told_path(&self) -> String {
        let stations = self.turn.breadcrumbs.iter().map(|Breadcrumb { name, text }| match text {
            // A choice says what the caller wanted, not who they are.
            Some(text) if name == "menu:" => format!("{name} {text}"),
            // First masked, then cut: half a number would not be known as one.
            Some(text) => format!(
                "{name} {}",
                self.redactor.said(text).chars().take(SAID).collect::<String>()
            ),
            None => name.clone(),
        });
        stations.collect::<Vec<_>>().join(" > ")
    }

    /// What the caller hears instead of the script.
    fn heard(&self) -> String {
        let actions = self.answer.actions.as_deref().unwrap_or_default();
        let spoken = actions.iter().find_map(|action| match action.typed::<Speak>() {
            Some(Ok(speak)) => Some(speak.text),
            _ => None,
        });
        match (spoken, actions) {
            (Some(text), _) => text,
            (None, []) => "no prompt".to_owned(),
            (None, _) => "no prompt; the call ends".to_owned(),
        }
    }

    /// The record of a metric, its names and numbers masked as its texts are; not its time.
    fn metric(&self, record: &Value) -> Value {
        match record {
            Value::Object(fields) => {
                let shown = fields.iter().map(|(name, value)| {
                    let value = match value {
                        Value::Number(_) if name == "Timestamp" => value.clone(),
                        Value::Object(_) | Value::Array(_) => self.metric(value),
                        other => self.redactor.value(other),
                    };
                    (self.redactor.text(name).into_owned(), value)
                });
                Value::Object(shown.collect())
            }
            Value::Array(items) => items.iter().map(|item| self.metric(item)).collect(),
            other => self.redactor.value(other),
        }
    }

    /// Writes what the script logged.
    fn write_log(&self, script: ScriptName<'_>) {
        let call = self.event.and_then(Event::call_id);
        let ScriptName { script, alias, .. } = script;
        for record in &self.turn.log {
            if record.kind == LogKind::Metric {
                // What writes the lines puts these fields at the top of one: there CloudWatch looks
                // for them.
                let line_json = self.metric(&record.fields).to_string();
                tracing::info!(call, script, alias, line_json, "metric");
                continue;
            }
            let message = self.redactor.text(&record.message);
            // A field whose name ends in `_json` is JSON text; what writes the lines may unfold it.
            let fields_json =
                (!record.fields.is_null()).then(|| self.redactor.value(&record.fields).to_string());
            let fields_json = fields_json.as_deref();
            match record.level {
                LogLevel::Debug => tracing::debug!(call, script, alias, fields_json, "{message}"),
                LogLevel::Info => tracing::info!(call, script, alias, fields_json, "{message}"),
                LogLevel::Warn => tracing::warn!(call, script, alias, fields_json, "{message}"),
                LogLevel::Error => tracing::error!(call, script, alias, fields_json, "{message}"),
            }
        }
    }
}

/// Where something failed, and what there is to say of it.
fn told<'e>(error: &'e Error, redactor: &Redactor<'_>) -> (Option<&'e Place>, String) {
    let place = match error {
        Error::Script(error) => error.place(),
        _ => None,
    };
    let text = error.to_string();
    // The place holds no secrets; what follows it is the script's own text.
    let own = place.and_then(|place| text.strip_prefix(&format!("{place}: "))).unwrap_or(&text);
    (place, redactor.text(own).into_owned())
}

/// The line of an event that the watchdog answered.
pub(crate) struct HardDeadlineLine {
    /// The script, once it was chosen.
    pub(crate) script: Arc<OnceLock<String>>,
    pub(crate) at: Instant,
}

impl HardDeadlineLine {
    /// Writes the line; `unsent` says why the fallback could not be sent, if so.
    pub(crate) fn write(&self, event: Option<&Event>, unsent: Option<String>) {
        let (call, sequence) = (event.and_then(Event::call_id), event.and_then(Event::sequence));
        let event_type = event.map(|event| event.event_type().name());
        let script = self.script.get().map(String::as_str);
        let micros = u64::try_from(self.at.elapsed().as_micros()).unwrap_or(u64::MAX);
        let (outcome, reason) = ("fallback", "hard_deadline");
        let error = "the script was inside a single call of a library function and could not be stopped; the process ends";
        let unsent = unsent.as_deref();
        tracing::error!(
            call,
            sequence,
            event = event_type,
            script,
            micros,
            outcome,
            reason,
            error,
            unsent,
            "event"
        );
    }
}
