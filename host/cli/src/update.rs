//! An update of a call: what UpdateSipMediaApplicationCall would bring.

use std::str::FromStr;
use std::time::Duration;

use serde_json::{Map, Value};

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
        let read = at.zip(arguments(pairs)).filter(|(_, arguments)| !arguments.is_empty());
        let (at, arguments) = read.ok_or("wanted seconds and pairs, such as '8 agent=+12065550101'")?;
        Ok(Self { at, arguments })
    }
}

/// What `a=1 b=2` says.
pub(crate) fn arguments(text: &str) -> Option<Map<String, Value>> {
    let pairs = text.split_whitespace().map(|pair| {
        let (name, value) = pair.split_once('=').filter(|(name, _)| !name.is_empty())?;
        Some((name.to_owned(), Value::from(value)))
    });
    pairs.collect()
}
