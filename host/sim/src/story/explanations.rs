//! What went wrong in a call, in words that help: failed actions, refused answers, and answers of a
//! form that the service does not take.

use std::time::Duration;

use moonring_exchange::{Entry, Happened, action_names, is_action};
use serde_json::Value;

use moonring_wire::{hint, nearest};

use super::clock;

/// So much of an answer is shown.
const SHOWN: usize = 200;

/// Lines about what went wrong at this entry; most entries have none.
pub fn explain(entry: &Entry) -> Vec<String> {
    let line = |text: String| format!("{}  {:<6} {text}", clock(entry.at), "");
    match &entry.happened {
        Happened::Invoked { event, attempt: 1 } => failed(event).map(line).into_iter().collect(),
        Happened::Answered { answer, counts: true, .. } => {
            odd(answer).into_iter().map(|odd| line(format!("warning: {odd}"))).collect()
        }
        Happened::NotAnswered { why } => vec![line(format!("no answer: {why}"))],
        _ => Vec::new(),
    }
}

/// A failed action, or an answer that the service refused.
fn failed(event: &Value) -> Option<String> {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let first = |one: &'static str, other: &'static str| {
        let found = text(one);
        if found.is_empty() { text(other) } else { found }
    };
    let error = first("/ActionData/ErrorType", "/ErrorType");
    let message = first("/ActionData/ErrorMessage", "/ErrorMessage");
    let gap = if message.is_empty() { "" } else { ": " };
    let legs = event.pointer("/CallDetails/Participants").and_then(Value::as_array);
    let is_gone = |leg: &Value| leg.get("Status").is_some_and(|status| status == "Disconnected");
    match text("/InvocationEventType") {
        // What ends because everybody has left is no news.
        "ACTION_FAILED" if legs.is_some_and(|legs| legs.iter().all(is_gone)) => None,
        "ACTION_FAILED" => {
            Some(format!("{} fails: {error}{gap}{message}", text("/ActionData/Type")))
        }
        "INVALID_LAMBDA_RESPONSE" => {
            Some(format!("the service refuses the answer: {error}{gap}{message}"))
        }
        _ => None,
    }
}

/// What is odd about an answer, and what the service wants instead.
fn odd(answer: &Value) -> Vec<String> {
    const WANTED: &str = "wanted {\"SchemaVersion\": \"1.0\", \"Actions\": […]}";
    let shown: String = answer.to_string().chars().take(SHOWN).collect();
    let Some(fields) = answer.as_object() else {
        let is_twice = answer.as_str().is_some_and(|text| text.trim_start().starts_with('{'));
        return vec![match answer {
            Value::Null => format!("the answer is null; {WANTED}"),
            Value::String(_) if is_twice => format!(
                "the answer is a string that holds JSON; return the object itself, not its JSON: {shown}"
            ),
            _ => format!("the answer is not an object; {WANTED}: {shown}"),
        }];
    };
    if !fields.contains_key("SchemaVersion") {
        let is_http = fields.contains_key("statusCode") || fields.contains_key("body");
        // The exchange itself warns of an HTTP answer.
        if is_http {
            return Vec::new();
        }
        return vec![match () {
            () if fields.contains_key("errorMessage") => {
                format!("the answer is an error of the function: {shown}")
            }
            () => {
                let slip = fields.keys().find(|key| nearest(key, ["SchemaVersion"]).is_some());
                let slip = slip.map(|key| format!(", but `{key}`")).unwrap_or_default();
                format!("the answer has no SchemaVersion{slip}; {WANTED}: {shown}")
            }
        }];
    }
    if fields.get("SchemaVersion").is_some_and(|version| version != "1.0") {
        return vec![format!("SchemaVersion is {}; wanted \"1.0\"", fields["SchemaVersion"])];
    }
    let Some(actions) = fields.get("Actions") else {
        let slip = fields.keys().find(|key| nearest(key, ["Actions"]).is_some());
        let slip = slip.map(|key| format!("the answer has `{key}`; did you mean `Actions`?"));
        return slip.into_iter().collect();
    };
    let Some(actions) = actions.as_array() else {
        return vec!["Actions is not a list; wanted a list of actions".to_owned()];
    };
    (1..)
        .zip(actions)
        .filter_map(|(number, action)| {
            let name = action.get("Type").and_then(Value::as_str);
            match name {
                None => Some(format!("action {number} has no Type; wanted the name of an action")),
                Some(name) if is_action(name) => None,
                Some(name) => {
                    let hint = hint(name, action_names());
                    Some(format!(
                        "action {number} is `{name}`, which the service does not have{hint}"
                    ))
                }
            }
        })
        .collect()
}

/// How often a function may be invoked within a second before it is said.
const OFTEN: usize = 20;

/// Looks for a function and a service that answer each other without end.
#[derive(Debug, Default)]
pub struct EndlessExchange {
    second: u64,
    count: usize,
    is_said: bool,
}

impl EndlessExchange {
    /// Whether it has been said: what follows is the same without end.
    pub fn is_said(&self) -> bool {
        self.is_said
    }

    /// What there is to say after an entry, once in a call.
    pub fn look(&mut self, entry: &Entry) -> Option<String> {
        let Happened::Invoked { .. } = entry.happened else { return None };
        if entry.at.as_secs() == self.second {
            self.count += 1;
        } else {
            (self.second, self.count) = (entry.at.as_secs(), 1);
        }
        if self.count < OFTEN || self.is_said {
            return None;
        }
        self.is_said = true;
        Some(format!(
            "{}  {:<6} warning: {OFTEN} events within a second: each answer fails or ends at once, and the next answer is the same; the service ends a call at its 1,000th invocation",
            clock(entry.at.max(Duration::ZERO)),
            ""
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn odd_answers_are_told_with_what_is_wanted() {
        for (answer, told) in [
            (json!("{\"SchemaVersion\": \"1.0\"}"), "a string that holds JSON"),
            (json!(null), "the answer is null"),
            (json!([1]), "the answer is not an object"),
            (json!({"Actions": []}), "the answer has no SchemaVersion"),
            (json!({"errorMessage": "x"}), "an error of the function"),
            (json!({"SchemaVersion": "1.0", "Action": []}), "did you mean `Actions`?"),
            (json!({"SchemaVersion": "1.0", "Actions": {}}), "Actions is not a list"),
            (
                json!({"SchemaVersion": "1.0", "Actions": [{"Type": "Hangup"}, {"Type": "Speek"}]}),
                "action 2 is `Speek`, which the service does not have; did you mean `Speak`?",
            ),
            (json!({"SchemaVersion": "1.0", "Actions": [{}]}), "action 1 has no Type"),
        ] {
            let odd = odd(&answer);
            assert!(odd.len() == 1 && odd[0].contains(told), "{answer}: {odd:?}");
        }
        assert!(odd(&json!({"SchemaVersion": "1.0", "Actions": [{"Type": "Hangup"}]})).is_empty());
        assert!(odd(&json!({"SchemaVersion": "1.0"})).is_empty());
    }

    #[test]
    fn an_endless_exchange_is_said_once() {
        let mut endless = EndlessExchange::default();
        let entry = |at| Entry {
            at: Duration::from_millis(at),
            happened: Happened::Invoked { event: json!({}).into(), attempt: 1 },
        };
        let said = |endless: &mut EndlessExchange, count, at| {
            (0..count).filter_map(|_| endless.look(&entry(at))).count()
        };
        assert_eq!(said(&mut endless, 19, 0), 0);
        assert_eq!(said(&mut endless, 19, 1000), 0);
        assert_eq!(said(&mut endless, 60, 2500), 1);
    }
}
