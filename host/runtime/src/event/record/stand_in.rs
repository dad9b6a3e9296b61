//! What stands in a record in place of digits. None of an event's, an answer's or a reply's is kept
//! that could be a caller's: whether it was typed, dialed, said or looked up, nobody can tell from
//! the digit.

use moonring_wire::{Event, Json, Object};
use serde_json::{Map, Number, Value};

use crate::durability::call_state::is_own_attribute;

/// The digit that stands for any other.
const DIGIT: char = '5';
/// A phone number has at least so many digits.
const NUMBER: usize = 7;
/// What a number ends with in a record: numbers that nobody has.
const FICTION: usize = 555_0100;
/// As many digits of a number stay at most: the code of a country, and of an area of some.
const CODE: usize = 4;
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

/// What stands in place of something that is cut.
const CUT: &str = "…";

/// Words in names of fields whose values open something.
const OPENING: [&str; 9] = [
    "token",
    "secret",
    "password",
    "authorization",
    "apikey",
    "api_key",
    "api-key",
    "cookie",
    "session",
];

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
                let before = digits.len() - NUMBER;
                let (code, zeros) = (before.min(CODE), before.saturating_sub(CODE));
                let end = FICTION + numbers.len() % 100;
                let instead = format!("{}{}{end}", &digits[..code], "0".repeat(zeros));
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
        self.value(answer, Numbers::Stay)
    }

    /// A request and its reply. What the service says of itself stays: the operation, the status of
    /// HTTP, the code of an error.
    pub(super) fn request(&self, request: &Value) -> Value {
        let mut masked = self.value(request, Numbers::FewStay);
        for plain in ["/operation", "/error/code", "/output/status"] {
            if let (Some(place), Some(value)) = (masked.pointer_mut(plain), request.pointer(plain))
            {
                *place = value.clone();
            }
        }
        if let (Some(place), Some(input)) = (masked.get_mut("input"), request.get("input")) {
            *place = self.value(input, Numbers::Go);
        }
        masked
    }

    fn fields(&self, object: &Object, whose: Whose) -> Map<String, Value> {
        let kept =
            object.iter().filter(|(name, _)| !is_own_attribute(name) && !WORDS.contains(name));
        kept.map(|(name, value)| (self.name(name), self.field(name, value, whose))).collect()
    }

    fn field(&self, name: &str, value: &Json, whose: Whose) -> Value {
        match value {
            Json::Object(object) => {
                let whose = if CHOSEN.contains(&name) { Whose::Chosen } else { whose };
                Value::Object(self.fields(object, whose))
            }
            Json::Array(items) => items.iter().map(|item| self.field(name, item, whose)).collect(),
            Json::String(_) if opens(name) => Value::from(CUT),
            Json::String(text) => Value::from(match whose {
                Whose::Service if name == "ReceivedDigits" => self.typed(text),
                Whose::Service if PLAIN.contains(&name) => text.clone(),
                _ => self.said(text, Numbers::Go),
            }),
            Json::Number(number) if whose == Whose::Chosen || name == "ReceivedDigits" => {
                masked_number(number, Numbers::Go)
            }
            other => other.to_value(),
        }
    }

    fn value(&self, value: &Value, numbers: Numbers) -> Value {
        match value {
            Value::String(text) => Value::from(self.said(text, numbers.inside())),
            Value::Number(number) => masked_number(number, numbers),
            Value::Array(items) => items.iter().map(|item| self.value(item, numbers)).collect(),
            Value::Object(fields) => {
                let kept = kept(fields).map(|(name, value)| (self.name(name), cut(name, value)));
                Value::Object(
                    kept.map(|(name, value)| (name, self.value(&value, numbers))).collect(),
                )
            }
            other => other.clone(),
        }
    }

    fn said(&self, text: &str, numbers: Numbers) -> String {
        match inner(text) {
            Some(inner) => self.value(&inner, numbers).to_string(),
            None => self.text(text),
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
        let is_choice = wanted.is_some_and(|regex| is_listed(regex, keys));
        let is_kept = !self.is_secret && keys.len() <= CHOICE && is_choice;
        if is_kept { keys.to_owned() } else { masked(keys) }
    }
}

/// What becomes of numbers of JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// They are what the service takes: seconds, tries.
    Stay,
    /// Counts of a few stay, so that a script can reckon with them.
    FewStay,
    Go,
}

impl Numbers {
    /// The same in JSON that a text is: a script wrote it.
    fn inside(self) -> Self {
        if self == Self::Stay { Self::Go } else { self }
    }
}

/// Whether a regular expression lists these keys one by one: `^(1|22)$` or `^[12]$`.
pub(super) fn is_listed(regex: &str, keys: &str) -> bool {
    let inside = |open, close| regex.strip_prefix(open)?.strip_suffix(close);
    let is_word = inside("^(", ")$").is_some_and(|all| all.split('|').any(|one| one == keys));
    let class = inside("^[", "]$").filter(|class: &&str| !class.contains(['-', '^', '\\']));
    is_word || keys.len() == 1 && class.is_some_and(|class| class.contains(keys))
}

/// The JSON that a text is: a body of HTTP, or what was stored as text.
fn inner(text: &str) -> Option<Value> {
    let is_some = text.starts_with(['{', '[']);
    is_some.then(|| serde_json::from_str(text).ok()).flatten()
}

/// A value as it is compared: how many digits there were says nothing, since a script may leave zeros
/// out or write a number in its own way.
pub(super) fn compared(value: &Value, numbers: Numbers) -> Value {
    match value {
        Value::String(text) => match inner(text) {
            Some(inner) => Value::from(compared(&inner, numbers.inside()).to_string()),
            None => Value::from(without_runs(text)),
        },
        Value::Number(number) if numbers == Numbers::Stay => Value::Number(number.clone()),
        Value::Number(_) => Value::from(0),
        Value::Array(items) => items.iter().map(|item| compared(item, numbers)).collect(),
        Value::Object(fields) => {
            let fields = kept(fields).map(|(name, value)| (without_runs(name), cut(name, value)));
            fields.map(|(name, value)| (name, compared(&value, numbers))).collect()
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

/// Fields without those that the host keeps with a call: no script says them.
fn kept(fields: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    fields.iter().filter(|(name, _)| !is_own_attribute(name))
}

/// A value without what opens something: the values of such fields, and the query of an address.
fn cut(name: &str, value: &Value) -> Value {
    match value.as_str().filter(|_| name == "url").and_then(|url| url.split_once('?')) {
        _ if opens(name) => Value::from(CUT),
        Some((address, _)) => Value::from(format!("{address}?{CUT}")),
        None => value.clone(),
    }
}

/// Whether the value of a field opens something.
fn opens(name: &str) -> bool {
    let name = name.to_lowercase();
    OPENING.iter().any(|word| name.contains(word))
}

fn masked(text: &str) -> String {
    text.chars().map(|letter| if letter.is_numeric() { DIGIT } else { letter }).collect()
}

/// As long a number.
fn masked_number(number: &Number, numbers: Numbers) -> Value {
    let text = number.to_string();
    let is_few = text.chars().filter(char::is_ascii_digit).count() < FEW;
    match numbers {
        Numbers::Stay => Value::Number(number.clone()),
        Numbers::FewStay if is_few => Value::Number(number.clone()),
        _ => serde_json::from_str(&masked(&text)).unwrap_or(Value::Null),
    }
}
