//! An update of a call: what UpdateSipMediaApplicationCall would bring.

use std::str::FromStr;
use std::time::Duration;

use serde_json::{Map, Value};

/// The most pairs of an update (rule 33).
const MOST: usize = 20;

/// An update at a moment of a call that is played.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Update {
    /// Since the call began.
    pub(crate) at: Duration,
    pub(crate) arguments: Map<String, Value>,
}

impl FromStr for Update {
    type Err = String;

    /// Reads `8 agent=+12065550101`: seconds, and what is told.
    fn from_str(text: &str) -> Result<Self, String> {
        let (seconds, pairs) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        // A day is longer than any call.
        let seconds = seconds.parse::<f64>().ok().filter(|seconds| *seconds <= 86_400.0);
        let at = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let at = at.ok_or("wanted the seconds first, such as '8 agent=+12065550101'")?;
        Ok(Self { at, arguments: arguments(pairs)? })
    }
}

/// What `name=Ann Bee room=blue` says. A word without `=` belongs to the value before it.
pub(crate) fn arguments(text: &str) -> Result<Map<String, Value>, String> {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for word in text.split_whitespace() {
        match (word.split_once('='), pairs.last_mut()) {
            (Some((name, value)), _) if !name.is_empty() => pairs.push((name, value.to_owned())),
            (None, Some((_, value))) => *value = format!("{value} {word}"),
            _ => {
                return Err(format!(
                    "`{word}` is not NAME=VALUE; wanted pairs such as agent=+12065550101"
                ));
            }
        }
    }
    match pairs.len() {
        0 => Err("wanted pairs such as agent=+12065550101".to_owned()),
        1..=MOST => Ok(pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect()),
        more => Err(format!("got {more} pairs; the service takes at most {MOST} (rule 33)")),
    }
}
