//! What stands in a record in place of keys and numbers.

use moonring_wire::{Event, Json, Object};
use serde_json::{Map, Value};

use crate::event::redact::Redactor;

/// The key that stands for any other.
const KEY: char = '5';
/// A number has at least so many digits.
const NUMBER: usize = 7;
/// What a number ends with in a record: numbers that nobody has.
const FICTION: usize = 555_0100;
/// The longest choice of a menu that stays.
const CHOICE: usize = 2;
/// Runs of fewer digits than this are no PIN and no account.
const RUN: usize = 3;

/// Fields that say nothing of who calls.
const PLAIN: [&str; 15] = [
    "SchemaVersion",
    "InvocationEventType",
    "Type",
    "TransactionId",
    "AwsAccountId",
    "AwsRegion",
    "SipRuleId",
    "SipApplicationId",
    "SipMediaApplicationId",
    "CallId",
    "ParticipantTag",
    "Direction",
    "StartTimeInMilliseconds",
    "Status",
    "ErrorType",
];

/// Fields whose values a script or a caller chooses.
const CHOSEN: [&str; 3] = ["TransactionAttributes", "Arguments", "SipHeaders"];

/// What a bot has understood.
const UNDERSTOOD: &str = "IntentResult";

/// Stand-ins for what one event says.
pub(super) struct StandIns<'a> {
    event: &'a Event,
    redactor: &'a Redactor<'a>,
    /// The numbers of the event, each with the one that stands for it.
    numbers: Vec<Number>,
}

struct Number {
    digits: String,
    instead: String,
}

/// Who has chosen a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The service, or the script in an action.
    Service,
    /// A script or a caller.
    Chosen,
    /// A caller, in words.
    Spoken,
}

impl<'a> StandIns<'a> {
    pub(super) fn of(event: &'a Event, redactor: &'a Redactor<'a>) -> Self {
        let mut numbers: Vec<Number> = Vec::new();
        for text in event.participants().flat_map(|leg| [leg.from(), leg.to()]).flatten() {
            let digits = text.trim_start_matches('+');
            let is_number =
                digits.len() >= NUMBER && digits.bytes().all(|byte| byte.is_ascii_digit());
            if is_number && numbers.iter().all(|known| known.digits != digits) {
                let start = &digits[..digits.len() - NUMBER];
                let instead = format!("{start}{}", FICTION + numbers.len() % 100);
                numbers.push(Number { digits: digits.to_owned(), instead });
            }
        }
        Self { event, redactor, numbers }
    }

    /// The event with stand-ins, and without what the host keeps with the call.
    pub(super) fn event(&self) -> Value {
        Value::Object(self.fields(self.event.document(), Whose::Service))
    }

    /// Anything else that is said in the call: masked, with no digit of a number.
    pub(super) fn text_of(&self, value: &Value) -> Value {
        without_ends(self.redactor.value(&self.renumbered(value)))
    }

    fn fields(&self, object: &Object, whose: Whose) -> Map<String, Value> {
        let kept = object.iter().filter(|(name, _)| !is_hosts_own(name));
        kept.map(|(name, value)| (self.renumber(name), self.field(name, value, whose))).collect()
    }

    fn field(&self, name: &str, value: &Json, whose: Whose) -> Value {
        match value {
            Json::Object(object) => {
                let whose = match name {
                    UNDERSTOOD => Whose::Spoken,
                    name if CHOSEN.contains(&name) && whose == Whose::Service => Whose::Chosen,
                    _ => whose,
                };
                Value::Object(self.fields(object, whose))
            }
            Json::Array(items) => items.iter().map(|item| self.field(name, item, whose)).collect(),
            Json::String(text) => Value::from(self.text(name, text, whose)),
            Json::Number(_) if whose != Whose::Service => {
                without_ends(self.redactor.value(&value.to_value()))
            }
            other => other.to_value(),
        }
    }

    fn text(&self, name: &str, text: &str, whose: Whose) -> String {
        match whose {
            Whose::Service if name == "ReceivedDigits" => self.typed(text),
            Whose::Service if PLAIN.contains(&name) => text.to_owned(),
            Whose::Service | Whose::Chosen => self.said(text, whose),
            Whose::Spoken => same_length(text),
        }
    }

    /// A text of the event: its numbers stay numbers, and its keys keys.
    fn said(&self, text: &str, whose: Whose) -> String {
        let number = text.trim_start_matches('+');
        if let Some(known) = self.numbers.iter().find(|known| known.digits == number) {
            return text.replace(&known.digits, &known.instead);
        }
        let is_key = |letter: char| letter.is_ascii_digit() || matches!(letter, '*' | '#');
        if whose == Whose::Chosen && text.len() >= RUN && text.chars().all(is_key) {
            return same_length(text);
        }
        without_end(&self.redactor.text(&self.renumber(text)))
    }

    /// What was typed: a choice stays, anything else is so many other keys.
    fn typed(&self, keys: &str) -> String {
        let wanted = self.event.action_parameter("InputDigitsRegex").and_then(Json::as_str);
        let choices = wanted.and_then(|regex| regex.strip_prefix("^(")?.strip_suffix(")$"));
        let is_choice = |choices: &str| choices.split('|').any(|choice| choice == keys);
        if keys.len() <= 1 || keys.len() <= CHOICE && choices.is_some_and(is_choice) {
            return keys.to_owned();
        }
        same_length(keys)
    }

    fn renumber(&self, text: &str) -> String {
        let numbers = self.numbers.iter();
        numbers.fold(text.to_owned(), |text, number| text.replace(&number.digits, &number.instead))
    }

    fn renumbered(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::from(self.renumber(text)),
            Value::Array(items) => items.iter().map(|item| self.renumbered(item)).collect(),
            Value::Object(fields) => {
                let said = fields.iter().filter(|(name, _)| !is_hosts_own(name));
                let said = said.map(|(name, value)| (self.renumber(name), self.renumbered(value)));
                Value::Object(said.collect())
            }
            other => other.clone(),
        }
    }
}

/// Whether the host keeps this with a call: no script says it.
fn is_hosts_own(name: &str) -> bool {
    name.starts_with("_mr")
}

/// As many keys, and which of them are no digits.
fn same_length(keys: &str) -> String {
    keys.chars().map(|key| if key.is_numeric() { KEY } else { key }).collect()
}

/// Masked numbers without their last four digits.
fn without_ends(value: Value) -> Value {
    match value {
        Value::String(text) => Value::from(without_end(&text)),
        Value::Array(items) => items.into_iter().map(without_ends).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (without_end(&name), without_ends(value)))
            .collect(),
        other => other,
    }
}

fn without_end(text: &str) -> String {
    let mut parts = text.split('…');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shown, part| {
        let digits = part.bytes().take(4).take_while(u8::is_ascii_digit).count();
        shown + "…" + &part[digits..]
    })
}
