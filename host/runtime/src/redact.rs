//! What callers type and who they are, kept out of logs unless a setting asks for it.

use std::borrow::Cow;

use moonring_wire::Event;
use serde_json::Value;

/// Runs of this many digits are taken for something a caller typed.
const DIGITS: usize = 4;
/// Runs of this many digits are taken for a phone number; with a `+` before them, seven are enough.
const NUMBER: usize = 10;

/// Masks texts that scripts wrote: log messages, their fields, error messages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Redactor {
    /// What the caller typed in this event.
    typed: Option<String>,
    shows_digits: bool,
    shows_numbers: bool,
}

impl Redactor {
    pub(crate) fn new(event: Option<&Event>, shows_digits: bool, shows_numbers: bool) -> Self {
        let typed = event.and_then(Event::received_digits).filter(|digits| !digits.is_empty()).map(str::to_owned);
        Self { typed, shows_digits, shows_numbers }
    }

    /// A text with digits and phone numbers masked.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.shows_digits && self.shows_numbers
            || !text.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'*' | b'#'))
        {
            return Cow::Borrowed(text);
        }
        let text = match &self.typed {
            // Typed keys are masked wherever they stand, but for one or two keys, which are masked only as words.
            Some(typed) if !self.shows_digits && typed.len() > 2 => Cow::Owned(text.replace(typed.as_str(), "****")),
            _ => Cow::Borrowed(text),
        };
        Cow::Owned(self.words(&text))
    }

    /// A value with all its texts and numbers masked.
    pub(crate) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text).into_owned()),
            Value::Number(number)
                if !self.shows_digits && self.typed.as_deref() == Some(number.to_string().as_str()) =>
            {
                Value::from("****")
            }
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => Value::Object(
                fields.iter().map(|(key, value)| (self.text(key).into_owned(), self.value(value))).collect(),
            ),
            other => other.clone(),
        }
    }

    /// A phone number: its last four digits, or the whole where a setting asks for it.
    pub(crate) fn number(&self, number: &str) -> String {
        if self.shows_numbers { number.to_owned() } else { last_four(number) }
    }

    fn words(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '+' | '*' | '#' | '_');
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            masked.push_str(&rest[..start]);
            let word = &rest[start..];
            let end = word.find(|character| !is_part(character)).unwrap_or(word.len());
            masked.push_str(&self.word(&word[..end]));
            rest = &word[end..];
        }
        masked.push_str(rest);
        masked
    }

    fn word<'a>(&self, word: &'a str) -> Cow<'a, str> {
        let inner = word.strip_prefix('+').unwrap_or(word);
        let is_digits =
            !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'*' | b'#'));
        if !is_digits {
            return Cow::Borrowed(word);
        }
        let count = inner.bytes().filter(u8::is_ascii_digit).count();
        let is_number = count >= NUMBER || word.starts_with('+') && count >= 7;
        if is_number {
            return if self.shows_numbers { Cow::Borrowed(word) } else { Cow::Owned(last_four(word)) };
        }
        let is_typed = self.typed.as_deref() == Some(word);
        if !self.shows_digits && (is_typed || count >= DIGITS) { Cow::Borrowed("****") } else { Cow::Borrowed(word) }
    }
}

fn last_four(number: &str) -> String {
    let start = number.char_indices().rev().nth(3).map_or(0, |(index, _)| index);
    if start == 0 { number.to_owned() } else { format!("…{}", &number[start..]) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn redactor(typed: &str) -> Redactor {
        Redactor { typed: Some(typed.to_owned()), ..Redactor::default() }
    }

    #[test]
    fn typed_digits_and_phone_numbers_are_masked() {
        for (typed, text, expected) in [
            ("1234", "the pin is 1234, really 1234.", "the pin is ****, really ****."),
            ("1", "chose 1 of 12", "chose **** of 12"),
            ("123", "pin123x", "pin****x"),
            ("11#", "keys 11#", "keys ****"),
            ("9", "stored 80085 earlier", "stored **** earlier"),
            ("9", "call +12065550142 now", "call …0142 now"),
            ("9", "call 12065550142 now", "call …0142 now"),
            ("9", "http 404 after 12 ms, v2.1, id a1b2c3d4", "http 404 after 12 ms, v2.1, id a1b2c3d4"),
            ("9", "no digits at all", "no digits at all"),
        ] {
            assert_eq!(redactor(typed).text(text), expected);
        }
    }

    #[test]
    fn values_are_masked_all_the_way_down() {
        let value = json!({"pin": "1234", "list": [1234, 7, {"1234": true}], "n": null});
        assert_eq!(
            redactor("1234").value(&value),
            json!({"pin": "****", "list": ["****", 7, {"****": true}], "n": null})
        );
    }

    #[test]
    fn each_setting_shows_its_own_kind() {
        let text = "1234 of +12065550142";
        let shows =
            |shows_digits, shows_numbers| Redactor { typed: Some("1234".to_owned()), shows_digits, shows_numbers };
        assert_eq!(shows(true, false).text(text), "1234 of …0142");
        assert_eq!(shows(false, true).text(text), "**** of +12065550142");
        assert_eq!(shows(true, true).text(text), text);
    }
}
