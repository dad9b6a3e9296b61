//! What callers type and who they are, kept out of logs unless a setting asks for it.

mod spelled;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use moonring_flow::{Secrets, TypedDigits};
use moonring_wire::{Event, Json, Object};
use serde_json::Value;

use self::spelled::{CODE, Keys};
use crate::Settings;
use crate::durability::call_state::{CallState, is_own_attribute};

/// Runs of this many digits are a phone number, or something longer.
const NUMBER: usize = 10;
/// Runs of this many digits behind a `+` are a phone number.
const PREFIXED: usize = 7;
/// The most digits of a phone number.
const MOST: usize = 15;
/// What stands in place of keys.
const HIDDEN: &str = "****";
/// Fewer keys than this are masked only where they stand alone: they are in every text.
const KEYS: usize = 3;

/// Masks texts that scripts wrote: log messages, their fields, error messages.
///
/// A script knows of its caller only what the event says: the keys just typed, what earlier ones
/// were kept in attributes or came as arguments, and the numbers. These are masked wherever they
/// stand, and anything else that looks like a number.
#[derive(Debug, Clone)]
pub(crate) struct Redactor<'a> {
    event: Option<&'a Event>,
    kept: &'a CallState,
    secrets: &'a Secrets,
    /// Digits that this event holds, longest first. Looked for when there is a text to be masked:
    /// mostly there is none.
    typed: OnceCell<Vec<String>>,
    /// The ends of the event's numbers, without codes of countries.
    own_numbers: OnceCell<Vec<String>>,
    shows_digits: bool,
    shows_numbers: bool,
}

impl<'a> Redactor<'a> {
    pub(crate) fn new(
        event: Option<&'a Event>,
        kept: &'a CallState,
        settings: &'a Settings,
    ) -> Self {
        let (shows_digits, shows_numbers) = (settings.log_digits, settings.log_numbers);
        Self {
            event,
            kept,
            secrets: &settings.secrets,
            typed: OnceCell::new(),
            own_numbers: OnceCell::new(),
            shows_digits,
            shows_numbers,
        }
    }

    fn typed(&self) -> &[String] {
        self.typed.get_or_init(|| self.find_typed())
    }

    fn find_typed(&self) -> Vec<String> {
        let (mut typed, kept) = (Vec::new(), self.kept);
        let Some(event) = self.event else { return typed };
        // A flow knows what was typed before, too.
        let call = event.call_id().unwrap_or_default();
        let known = kept
            .journal
            .as_ref()
            .map(|journal| TypedDigits::of(journal.journal(), call, self.secrets))
            .unwrap_or_default();
        let received =
            event.received_digits().filter(|digits| !digits.is_empty()).map(str::to_owned);
        typed.extend(known.secrets);
        // What is typed in confidence is not shown whatever a setting says.
        if !self.shows_digits || known.awaits_secret {
            typed.extend(received);
        }
        if !self.shows_digits {
            typed.extend(known.digits);
            let arguments = event.action_parameter("Arguments").and_then(Json::as_object);
            let attributes = event.attributes().unwrap_or(Object::empty()).iter();
            let attributes = attributes.filter(|(name, _)| !is_own_attribute(name));
            let values = attributes
                .map(|(_, value)| value)
                .chain(arguments.unwrap_or(Object::empty()).values());
            let earlier = kept.arguments.values().filter_map(Value::as_str);
            let kept = values.filter_map(Json::as_str).chain(earlier);
            let runs = kept.flat_map(|text| text.split(|letter: char| !letter.is_ascii_digit()));
            typed.extend(runs.filter(|run| (KEYS..NUMBER).contains(&run.len())).map(str::to_owned));
        }
        typed.sort_by_key(|digits| std::cmp::Reverse(digits.len()));
        typed
    }

    /// What was typed in confidence, in this event and before, where it is long enough to be known
    /// again.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let Some(event) = self.event else { return Vec::new() };
        let Some(journal) = self.kept.journal.as_ref() else { return Vec::new() };
        let known =
            TypedDigits::of(journal.journal(), event.call_id().unwrap_or_default(), self.secrets);
        let now = event.received_digits().filter(|_| known.awaits_secret).map(str::to_owned);
        known.secrets.into_iter().chain(now).filter(|secret| secret.len() >= KEYS).collect()
    }

    /// A text with digits and phone numbers masked, however they are spelled.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        // Digits of other widths are digits.
        if text.chars().any(|letter| plain(letter) != letter) {
            let plain: String = text.chars().map(plain).collect();
            return Cow::Owned(self.text(&plain).into_owned());
        }
        let has_any = text.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'*' | b'#'));
        if !has_any || self.shows_digits && self.shows_numbers && self.typed().is_empty() {
            return Cow::Borrowed(text);
        }
        // What was typed and is as long as a number is no number of which four digits could be
        // shown. Shorter keys come after the numbers: they may be a part of one, and would break
        // it.
        let typed = self.typed();
        let (long, short) = typed.split_at(typed.partition_point(|typed| typed.len() >= PREFIXED));
        let whole = masked(
            text,
            &long.iter().flat_map(|typed| Keys::of(text).find(typed)).collect::<Vec<_>>(),
            |_| HIDDEN.to_owned(),
        );
        let whole = if self.shows_numbers { whole } else { self.spelled_numbers(&whole) };
        let mut shown = self.numbers(&whole);
        for typed in short {
            shown = if typed.len() < KEYS {
                alone(&shown, typed)
            } else {
                let found = Keys::of(&shown).find(typed);
                masked(&shown, &found, |_| HIDDEN.to_owned())
            };
        }
        Cow::Owned(shown)
    }

    /// Numbers that are written in groups, and those of the event in any spelling: their last four
    /// digits.
    fn spelled_numbers(&self, text: &str) -> String {
        let keys = Keys::of(text);
        let own = self.own_numbers().iter().flat_map(|number| keys.find_number(number));
        let found: Vec<_> = keys.grouped_numbers().into_iter().chain(own).collect();
        masked(text, &found, |number| {
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            last_four(&digits)
        })
    }

    /// The numbers of the event as far as they are written everywhere: a country's own people leave
    /// its code out.
    fn own_numbers(&self) -> &[String] {
        self.own_numbers.get_or_init(|| {
            let legs = self.event.into_iter().flat_map(Event::participants);
            let numbers = legs.flat_map(|leg| [leg.from(), leg.to()]).flatten().map(|number| {
                let digits: String = number.chars().filter(char::is_ascii_digit).collect();
                digits
                    [digits.len().saturating_sub(digits.len().saturating_sub(CODE).max(PREFIXED))..]
                    .to_owned()
            });
            let mut numbers: Vec<String> =
                numbers.filter(|digits| digits.len() >= PREFIXED).collect();
            numbers.dedup();
            numbers
        })
    }

    /// What a flow said, which the host logs of itself: no digit of it is shown, since keys may be
    /// said one by one.
    pub(crate) fn said(&self, text: &str) -> String {
        let masked = self.text(text);
        if self.shows_digits {
            return masked.into_owned();
        }
        masked.chars().map(|letter| if letter.is_ascii_digit() { '*' } else { letter }).collect()
    }

    /// Whether a number is what was typed. Leading zeros are lost where keys become a number.
    pub(crate) fn is_typed(&self, number: &Value) -> bool {
        let text = number.to_string();
        let text = text.trim_start_matches('-');
        self.typed().iter().any(|typed| typed.trim_start_matches('0') == text)
    }

    /// A value with all its texts and numbers masked.
    pub(crate) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text).into_owned()),
            Value::Number(number) => {
                let text = number.to_string();
                match self.text(&text) {
                    _ if self.is_typed(value) => Value::from("****"),
                    masked if masked != text => Value::from(masked.into_owned()),
                    _ => value.clone(),
                }
            }
            Value::Array(_) | Value::Object(_) => {
                let shown: Value = match value {
                    Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
                    Value::Object(fields) => {
                        let fields = fields
                            .iter()
                            .map(|(key, value)| (self.text(key).into_owned(), self.value(value)));
                        Value::Object(fields.collect())
                    }
                    other => other.clone(),
                };
                // Keys one by one, in items or fields, are keys all the same.
                let mut spelled = String::new();
                spell(&shown, &mut spelled);
                let keys = Keys::of(&spelled);
                let numbers = if self.shows_numbers { &[] } else { self.own_numbers() };
                let mut hidden =
                    self.typed().iter().filter(|typed| typed.len() > KEYS).chain(numbers);
                if hidden.any(|digits| !keys.find(digits).is_empty()) {
                    Value::from(HIDDEN)
                } else {
                    shown
                }
            }
            other => other.clone(),
        }
    }

    /// A phone number: its last four digits, or the whole where a setting asks for it.
    pub(crate) fn number(&self, number: &str) -> String {
        if self.shows_numbers { number.to_owned() } else { last_four(number) }
    }

    /// Masks every run of digits that is as long as a number.
    fn numbers(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
            let end = rest[start..]
                .find(|letter: char| !letter.is_ascii_digit())
                .map_or(rest.len(), |length| start + length);
            let (before, run) = (&rest[..start], &rest[start..end]);
            let at = text.len() - rest.len() + start;
            let is_number = run.len() >= NUMBER && !is_in_id(text, at)
                || before.ends_with('+') && run.len() >= PREFIXED;
            masked.push_str(before);
            match run.len() {
                ..=MOST if is_number && !self.shows_numbers => {
                    if masked.ends_with('+') {
                        masked.pop();
                    }
                    masked.push_str(&last_four(run));
                }
                length if length > MOST && !self.shows_digits => masked.push_str("****"),
                _ => masked.push_str(run),
            }
            rest = &rest[end..];
        }
        masked.push_str(rest);
        masked
    }
}

/// Whether this place is in the id of a call, a leg or a meeting: a UUID, whose last group may begin
/// with as many digits as a number has.
fn is_in_id(text: &str, at: usize) -> bool {
    let is_part = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
    let start = text[..at].trim_end_matches(is_part).len();
    let end = text.len() - text[at..].trim_start_matches(is_part).len();
    let id = &text[start..end];
    id.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && id.contains(|letter: char| letter.is_ascii_alphabetic())
}

/// A text in which each of these places is something else. Places that touch one another are one; a
/// plus and a bracket before them go too.
fn masked(text: &str, places: &[Range<usize>], shown: impl Fn(&str) -> String) -> String {
    let mut places = places.to_vec();
    places.sort_by_key(|place| (place.start, place.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in places {
        match joined.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => joined.push(place),
        }
    }
    let (mut masked, mut from) = (String::with_capacity(text.len()), 0);
    for place in joined {
        masked.push_str(&text[from..place.start]);
        let shown = shown(&text[place.clone()]);
        if shown != HIDDEN {
            let kept = masked.trim_end_matches(['(', '+']).len();
            masked.truncate(kept);
        }
        masked.push_str(&shown);
        from = place.end;
    }
    masked.push_str(&text[from..]);
    masked
}

/// The texts and numbers of a value, one after the other.
fn spell(value: &Value, into: &mut String) {
    match value {
        Value::String(text) => into.push_str(text),
        Value::Number(number) => into.push_str(&number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| spell(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| spell(field, into)),
        Value::Null | Value::Bool(_) => {}
    }
    into.push(' ');
}

/// A digit of double width as a plain one.
fn plain(letter: char) -> char {
    let digit = (letter as u32).checked_sub('０' as u32).filter(|digit| *digit < 10);
    digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(letter)
}

/// Masks keys where they are a word of their own.
fn alone(text: &str, keys: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(keys) {
        let (before, after) = (&rest[..start], &rest[start + keys.len()..]);
        let touches = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || "_*#".contains(letter))
        };
        let is_alone = !touches(before.chars().next_back()) && !touches(after.chars().next());
        masked.push_str(before);
        masked.push_str(if is_alone { "****" } else { keys });
        rest = after;
    }
    masked.push_str(rest);
    masked
}

fn last_four(number: &str) -> String {
    let start = number.char_indices().rev().nth(3).map_or(0, |(index, _)| index);
    if start == 0 { number.to_owned() } else { format!("…{}", &number[start..]) }
}

#[cfg(test)]
mod tests;
