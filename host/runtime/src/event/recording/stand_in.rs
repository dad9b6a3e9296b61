//! What stands in a record in place of digits. None of an event's, an answer's or a reply's is kept
//! that could be a caller's: whether it was typed, dialed, said or looked up, nobody can tell from
//! the digit.

use moonring_wire::{Event, Json, Object};
use serde_json::{Map, Number, Value};

/// The digit that stands for any other.
const DIGIT: char = '5';
/// A phone number has at least so many digits.
const NUMBER: usize = 7;
/// What a number ends with in a record: numbers that nobody has.
const FICTION: usize = 555_0100;
/// The longest choice of a menu that stays.
const CHOICE: usize = 2;
/// Names with fewer digits than this stay: `address2`.
const FEW: usize = 3;

/// Fields of the service that say nothing of who calls.
const PLAIN: [&str; 16] = [
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
    "@leg",
];

/// Fields whose content a script or a caller chooses.
const CHOSEN: [&str; 4] = ["TransactionAttributes", "Arguments", "SipHeaders", "IntentResult"];

/// What a caller said to a bot, word by word.
const WORDS: [&str; 2] = ["InputTranscript", "OriginalValue"];

/// Words in names of fields whose values open something.
const OPENING: [&str; 6] = ["token", "secret", "password", "authorization", "apikey", "api_key"];

/// Stand-ins for what one event says.
pub(super) struct StandIns<'a> {
    event: &'a Event,
    /// Whether the keys of the event were typed in confidence.
    is_secret: bool,
    /// The numbers of the event, each with the one that stands for it.
    numbers: Vec<StandIn>,
}

struct StandIn {
    digits: String,
    instead: String,
}

/// Whose a part of an event is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Service,
    Chosen,
}

impl<'a> StandIns<'a> {
    pub(super) fn of(event: &'a Event, is_secret: bool) -> Self {
        let mut numbers: Vec<StandIn> = Vec::new();
        for text in event.participants().flat_map(|leg| [leg.from(), leg.to()]).flatten() {
            let digits = text.trim_start_matches('+');
            let is_number =
                digits.len() >= NUMBER && digits.bytes().all(|byte| byte.is_ascii_digit());
            if is_number && numbers.iter().all(|known| known.digits != digits) {
                let start = &digits[..digits.len() - NUMBER];
                let instead = format!("{start}{}", FICTION + numbers.len() % 100);
                numbers.push(StandIn { digits: digits.to_owned(), instead });
            }
        }
        // A number may be a part of another.
        numbers.sort_by_key(|number| std::cmp::Reverse(number.digits.len()));
        Self { event, is_secret, numbers }
    }

    /// The event, without what the host keeps with the call.
    pub(super) fn event(&self) -> Value {
        Value::Object(self.fields(self.event.document(), Whose::Service))
    }

    /// An answer, without what the host keeps with the call.
    pub(super) fn answer(&self, answer: &Value) -> Value {
        self.value(answer, false)
    }

    /// A request and its reply.
    pub(super) fn request(&self, request: &Value) -> Value {
        self.value(request, true)
    }

    fn fields(&self, object: &Object, whose: Whose) -> Map<String, Value> {
        let kept = object.iter().filter(|(name, _)| !is_hosts_own(name) && !WORDS.contains(name));
        kept.map(|(name, value)| (self.name(name), self.field(name, value, whose))).collect()
    }

    fn field(&self, name: &str, value: &Json, whose: Whose) -> Value {
        match value {
            Json::Object(object) => {
                let whose = if CHOSEN.contains(&name) { Whose::Chosen } else { whose };
                Value::Object(self.fields(object, whose))
            }
            Json::Array(items) => items.iter().map(|item| self.field(name, item, whose)).collect(),
            Json::String(text) => Value::from(match whose {
                Whose::Service if name == "ReceivedDigits" => self.typed(text),
                Whose::Service if PLAIN.contains(&name) => text.clone(),
                _ => self.text(text),
            }),
            Json::Number(number) if whose == Whose::Chosen => masked_number(number),
            other => other.to_value(),
        }
    }

    /// `has_numbers`: whether numbers of JSON may be a caller's; in an answer they are what the
    /// service takes: seconds, tries.
    fn value(&self, value: &Value, has_numbers: bool) -> Value {
        match value {
            Value::String(text) => Value::from(self.text(text)),
            Value::Number(number) if has_numbers => masked_number(number),
            Value::Array(items) => items.iter().map(|item| self.value(item, has_numbers)).collect(),
            Value::Object(fields) => {
                let kept = fields.iter().filter(|(name, _)| !is_hosts_own(name));
                let kept = kept.map(|(name, value)| match opens(name) && has_numbers {
                    true => (self.name(name), Value::from("…")),
                    false => (self.name(name), self.value(value, has_numbers)),
                });
                Value::Object(kept.collect())
            }
            other => other.clone(),
        }
    }

    fn name(&self, name: &str) -> String {
        let digits = name.chars().filter(|letter| letter.is_numeric()).count();
        if digits < FEW { name.to_owned() } else { self.text(name) }
    }

    /// A text: its numbers of the event stay numbers, and every other digit is another.
    fn text(&self, text: &str) -> String {
        let found =
            self.numbers.iter().find_map(|number| Some((text.find(&number.digits)?, number)));
        match found {
            Some((at, StandIn { digits, instead })) => {
                let (before, after) = (&text[..at], &text[at + digits.len()..]);
                self.text(before) + instead + &self.text(after)
            }
            None => masked(text),
        }
    }

    /// What was typed: a choice of a menu stays, anything else is so many other keys.
    fn typed(&self, keys: &str) -> String {
        let wanted = self.event.action_parameter("InputDigitsRegex").and_then(Json::as_str);
        let choices = wanted.and_then(|regex| regex.strip_prefix("^(")?.strip_suffix(")$"));
        let is_choice = |choices: &str| choices.split('|').any(|choice| choice == keys);
        let is_kept = !self.is_secret
            && (keys.len() <= 1 || keys.len() <= CHOICE && choices.is_some_and(is_choice));
        if is_kept { keys.to_owned() } else { masked(keys) }
    }
}

/// A value of a record as it is compared: how many digits there were says nothing, since a script may
/// leave zeros out or write a number in its own way.
pub(super) fn compared(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(without_runs(text)),
        Value::Array(items) => items.iter().map(compared).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| !is_hosts_own(name));
            fields.map(|(name, value)| (without_runs(name), compared(value))).collect()
        }
        other => other.clone(),
    }
}

fn without_runs(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = if letter.is_numeric() { DIGIT } else { letter };
        if letter != DIGIT || !shown.ends_with(DIGIT) {
            shown.push(letter);
        }
    }
    shown
}

/// Whether the host keeps this with a call: no script says it.
fn is_hosts_own(name: &str) -> bool {
    name.starts_with("_mr")
}

/// Whether the value of a field opens something.
fn opens(name: &str) -> bool {
    let name = name.to_lowercase();
    OPENING.iter().any(|word| name.contains(word))
}

fn masked(text: &str) -> String {
    text.chars().map(|letter| if letter.is_numeric() { DIGIT } else { letter }).collect()
}

/// As long a number; a count of a few stays.
fn masked_number(number: &Number) -> Value {
    let text = number.to_string();
    if text.chars().filter(char::is_ascii_digit).count() < FEW {
        return Value::Number(number.clone());
    }
    serde_json::from_str(&masked(&text)).unwrap_or(Value::Null)
}
