//! Data that cannot be used: the call goes on, and a log line says what was wrong with it. The value
//! itself may be a number or a name, and is masked.

use moonring_flow::Place;
use serde_json::Value;

use crate::log::LogLevel;
use crate::vm::bindings::EventContext;

/// What becomes of a method that waits, or of a helper.
pub(crate) const GIVES_NIL: &str = "it gives nil and an error";

impl EventContext {
    /// Says that data could not be used, and what comes of that, unless it is done again in a
    /// replay.
    pub(crate) fn warn_of_data(&mut self, place: Option<&Place>, refusal: &str, then: &str) {
        if self.flow.as_ref().is_some_and(|flow| flow.is_silent()) {
            return;
        }
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        let text = format!("{place}{}; {then}", masked(refusal));
        self.log.add(LogLevel::Warn, &text, Value::Null, 0);
    }
}

/// A refusal with what stands in quotes before `; wanted` masked: of letters and digits the last two
/// stay.
fn masked(refusal: &str) -> String {
    let end = refusal.find("; wanted").unwrap_or(refusal.len());
    let (came, wanted) = refusal.split_at(end);
    let mut parts = came.split('"');
    let mut told = parts.next().unwrap_or_default().to_owned();
    for (number, part) in parts.enumerate() {
        told.push('"');
        match number % 2 {
            0 => told.push_str(&mask(part)),
            _ => told.push_str(part),
        }
    }
    told + wanted
}

fn mask(value: &str) -> String {
    let count = value.chars().filter(|letter| letter.is_alphanumeric()).count();
    let mut left = count.saturating_sub(2);
    let mask = |letter: char| {
        if letter.is_alphanumeric() && left > 0 {
            left -= 1;
            '*'
        } else {
            letter
        }
    };
    value.chars().map(mask).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_value_the_last_two_letters_stay() {
        let told = masked("call:bridge: `to` is \"206-555-0102\"; wanted a number, such as \"+1\"");
        assert_eq!(told, "call:bridge: `to` is \"***-***-**02\"; wanted a number, such as \"+1\"");
        assert_eq!(
            masked("call:say: `text` has 0 characters"),
            "call:say: `text` has 0 characters"
        );
        assert_eq!(masked("a \"b"), "a \"b");
    }
}
