//! Parameters of an action, read as the service reads them: numbers as numbers or texts, empty
//! texts as absent.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::prompt::AudioFile;

/// Whether a text is a telephone number as the service writes them: E.164.
pub fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

/// The parameters of an action.
#[derive(Debug)]
pub(crate) struct Parameters(pub(crate) Map<String, Value>);

impl Parameters {
    /// A text that is there and not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A table.
    pub(crate) fn table(&self, name: &str) -> Option<&Map<String, Value>> {
        self.0.get(name).and_then(Value::as_object)
    }

    /// A whole number: `Ok(None)` where there is none, an error where what is there is no number in
    /// the range.
    pub(crate) fn number(&self, name: &str, min: u64, max: u64) -> Result<Option<u64>, ()> {
        let number = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) if text.is_empty() => return Ok(None),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(Value::Number(number)) => number.as_u64(),
            Some(_) => None,
        };
        number.filter(|number| (min..=max).contains(number)).map(Some).ok_or(())
    }

    /// A number of milliseconds, at least one. The guide names no most: a day is the simulator's
    /// own.
    pub(crate) fn milliseconds(&self, name: &str) -> Result<Option<Duration>, ()> {
        Ok(self.number(name, 1, 86_400_000)?.map(Duration::from_millis))
    }

    /// Digits of a telephone; an error where one of them is none.
    pub(crate) fn digits(&self, name: &str) -> Result<Option<Vec<char>>, ()> {
        let list = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(()),
        };
        let digit = |value: &Value| {
            let mut letters = value.as_str()?.chars();
            letters.next().filter(|digit| {
                letters.next().is_none() && (digit.is_ascii_digit() || "*#".contains(*digit))
            })
        };
        list.iter().map(digit).collect::<Option<Vec<_>>>().map(Some).ok_or(())
    }

    /// Fills in a value that was left out, as the event shows it (rule 28).
    pub(crate) fn default(&mut self, name: &str, value: impl Into<Value>) {
        let slot = self.0.entry(name).or_insert(Value::Null);
        if slot.is_null() {
            *slot = value.into();
        }
    }
}

/// The audio file that a table names.
pub(super) fn audio_file(source: Option<&Map<String, Value>>) -> Option<AudioFile> {
    let text =
        |name: &str| source?.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let kind = source?.get("Type").cloned().unwrap_or(json!("S3"));
    (kind == json!("S3")).then_some(())?;
    Some(AudioFile { bucket: text("BucketName")?, key: text("Key")? })
}
