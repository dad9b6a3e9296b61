//! What a script asks of the outside through the host, and what comes back.

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

/// What became of one request.
#[derive(Debug, Clone, PartialEq)]
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
