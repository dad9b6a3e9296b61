//! Transcripts: a call as a file, event by event, to be replayed.

use std::time::Duration;

use moonring_exchange::{Happened, Trace};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A call, event by event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// The script that answered.
    pub handler: String,
    /// The script that answers, without its ending, where it is not the one that routes say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// Where the script is from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The name of the call.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// What happens in it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The settings it was made with.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub env: Map<String, Value>,
    /// Whether keys and numbers are replaced in it: a host has kept it.
    #[serde(default, rename = "masked", skip_serializing_if = "std::ops::Not::not")]
    pub is_masked: bool,
    /// One for each event.
    pub steps: Vec<Step>,
}

/// One event, and its result.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The event.
    pub event: Value,
    /// The clock: milliseconds since 1970.
    #[serde(default)]
    pub now_ms: u64,
    /// What the function asked of other services, in order: `operation` (as `service:Operation`),
    /// `input`, and `output` or `error`.
    #[serde(default)]
    pub api_calls: Vec<Value>,
    /// What it answered.
    #[serde(default)]
    pub response: Value,
    /// Why it answered nothing: whatever replays this step may do better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Value>,
    /// What a fresh process answered, where the handler kept something between calls: either will
    /// do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold_start: Option<Box<Reaction>>,
}

/// What a function did with an event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reaction {
    /// What it asked of other services.
    #[serde(default)]
    pub api_calls: Vec<Value>,
    /// What it answered.
    #[serde(default)]
    pub response: Value,
}

/// Why bytes are no transcript.
#[derive(Debug, thiserror::Error)]
pub enum TranscriptError {
    /// They are no JSON, or not in this form.
    #[error(
        "not a transcript; wanted {{\"handler\": …, \"steps\": [{{\"event\": …, \"response\": …}}]}}"
    )]
    Form(#[from] serde_json::Error),
    /// There is nothing in it.
    #[error("the transcript has no steps")]
    Empty,
}

impl Transcript {
    /// Reads a transcript.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, TranscriptError> {
        let transcript: Self = serde_json::from_slice(bytes)?;
        if transcript.steps.is_empty() { Err(TranscriptError::Empty) } else { Ok(transcript) }
    }

    /// The transcript of a call that began at `at_ms`.
    pub fn of(trace: &Trace, handler: &str, at_ms: u64) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        for entry in &trace.entries {
            let ms = |at: Duration| {
                at_ms.saturating_add(u64::try_from(at.as_millis()).unwrap_or(u64::MAX))
            };
            match &entry.happened {
                Happened::Invoked { event, attempt: 1 } => {
                    steps.push(Step {
                        event: Value::clone(event),
                        now_ms: ms(entry.at),
                        ..Step::default()
                    });
                }
                Happened::Answered { answer, api_calls, counts: true } => {
                    if let Some(step) = steps.last_mut() {
                        (step.response, step.api_calls) = (Value::clone(answer), api_calls.clone());
                        step.error = None;
                    }
                }
                Happened::NotAnswered { why } => {
                    if let Some(step) = steps.last_mut() {
                        step.error = Some(Value::from(why.as_str()));
                    }
                }
                _ => {}
            }
        }
        Self { handler: handler.to_owned(), steps, ..Self::default() }
    }

    /// The transcript as the text of a file.
    pub fn to_text(&self) -> String {
        // Texts, lists and maps with text keys: printing them cannot fail.
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}
