//! What a script asks of the outside through the host, and what comes back.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing to be carried out, in the wire form of the service it is meant for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// An operation of an AWS service.
    Aws {
        /// The service's name in the SDKs, e.g. `chime-sdk-meetings`.
        service: String,
        /// The operation, e.g. `CreateMeeting`.
        operation: String,
        /// Its input.
        input: Value,
        /// The version of the API, where the script says one.
        version: Option<String>,
    },
}

/// Operations that change nothing begin with one of these words.
const READING: [&str; 8] = ["Get", "List", "Describe", "Head", "Query", "Scan", "BatchGet", "Search"];
/// Operations that can be made once, since they take a token of whoever asks.
const WITH_TOKEN: [&str; 2] = ["CreateMeeting", "CreateMeetingWithAttendees"];

impl Request {
    /// Whether something might be done twice if this were carried out twice.
    pub fn must_not_repeat(&self) -> bool {
        match self {
            Self::Aws { operation, .. } => {
                !READING.iter().any(|word| operation.starts_with(word)) && !WITH_TOKEN.contains(&operation.as_str())
            }
        }
    }
}

/// What became of one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The operation's output.
    Done(Value),
    /// It did not work: one word of the glossary's `err.type`, and the outside's own words.
    Failed {
        /// One word, e.g. `throttled`.
        error_type: String,
        /// The service's own words.
        message: String,
        /// The service's own name of the error, where it has one.
        code: Option<String>,
    },
}
