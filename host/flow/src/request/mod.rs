//! What a script asks of the outside through the host, and what comes back.

mod canonical;
mod parse;
mod recorded;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use canonical::canonical_json;
pub use parse::{BadRequest, MOST_REQUESTS, is_storage_key};

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
    /// A signed HTTP request to an AWS service.
    Signed(SignedRequest),
    /// A request to a server.
    Http(HttpRequest),
    /// Something of the scripts' own storage.
    Storage(StorageRequest),
}

/// A signed HTTP request to an AWS service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedRequest {
    /// The service's name in its endpoint.
    pub service: String,
    /// The operation as the allowlist names it.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The path after the endpoint, already escaped.
    pub path: String,
    /// The query, not escaped.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// More headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A string, sent unchanged, or JSON.
    #[serde(default)]
    pub body: Option<Value>,
    /// The name for the signature, if it differs from the endpoint's.
    #[serde(default)]
    pub signing_name: Option<String>,
}

/// A request to a server.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpRequest {
    /// The HTTP method.
    pub method: String,
    /// The URL, http or https.
    pub url: String,
    /// What is added to its query, not escaped.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// More headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A string, sent unchanged, or JSON.
    #[serde(default)]
    pub body: Option<Value>,
    /// Seconds, 0.1 to 4.
    #[serde(default)]
    pub timeout: Option<f64>,
    /// The most bytes of the reply's body, 1 to 1,048,576.
    #[serde(default)]
    pub max_bytes: Option<usize>,
}

/// Something of the scripts' own storage.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageRequest {
    /// What to do.
    pub operation: StorageOperation,
    /// The key: parts with slashes between them, none of them empty, `.` or `..`.
    pub key: String,
    /// The value to store: a string, or JSON.
    #[serde(default)]
    pub value: Option<Value>,
}

/// What is done with something stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageOperation {
    /// It is read; null if there is none.
    Get,
    /// It is written.
    Put,
    /// It is written unless there is something else: then the request fails with `conflict`. The
    /// same value is no conflict, so that an event that is delivered twice gets the same reply.
    PutNew,
    /// It is deleted.
    Delete,
}

impl StorageOperation {
    fn word(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::PutNew => "put_new",
            Self::Delete => "delete",
        }
    }
}

/// Operations that change nothing begin with one of these words,
const READING: [&str; 13] = [
    "Get",
    "List",
    "Describe",
    "Head",
    "Query",
    "Scan",
    "BatchGet",
    "Search",
    "Detect",
    "BatchDetect",
    "Translate",
    "GenerateDataKey",
    "GenerateRandom",
];
/// or are one of these.
const HARMLESS: [&str; 6] = ["Decrypt", "Encrypt", "Sign", "Verify", "GenerateMac", "VerifyMac"];
/// Operations in whose names one of these stands reply with tokens or keys.
const SECRET: [&str; 4] = ["Auth", "AssumeRole", "AccessKey", "Credential"];
/// Services whose replies are keys, tokens or secrets.
const SECRET_SERVICES: [&str; 5] = ["secretsmanager", "ssm", "kms", "sts", "cognito-idp"];
/// Operations that can be made once, since they take a token that its caller chooses.
const WITH_TOKEN: [&str; 2] = ["CreateMeeting", "CreateMeetingWithAttendees"];

impl Request {
    /// What it is, in one word: `dynamodb:GetItem`, `http:POST`, `storage:put`.
    pub fn name(&self) -> String {
        match self {
            Self::Aws { service, operation, .. }
            | Self::Signed(SignedRequest { service, operation, .. }) => {
                format!("{service}:{operation}")
            }
            Self::Http(request) => format!("http:{}", request.method),
            Self::Storage(request) => format!("storage:{}", request.operation.word()),
        }
    }

    /// Whether its API takes a token that its caller chooses: with the same one the same is made.
    pub fn takes_token(&self) -> bool {
        match self {
            Self::Aws { service, operation, .. } => {
                service == "chime-sdk-meetings" && WITH_TOKEN.contains(&operation.as_str())
            }
            _ => false,
        }
    }

    /// Whether something might be done twice if this were carried out twice.
    pub fn must_not_repeat(&self) -> bool {
        match self {
            Self::Aws { operation, .. } => !changes_nothing(operation) && !self.takes_token(),
            // The script's own word for what it asks.
            Self::Signed(SignedRequest { method, operation, .. }) => {
                !reads(method) && !changes_nothing(operation)
            }
            Self::Http(HttpRequest { method, .. }) => !reads(method),
            // The same again changes nothing.
            Self::Storage(_) => false,
        }
    }

    /// Whether the reply is nobody else's business, as far as the names of the service and of the
    /// operation tell.
    pub fn has_secret_reply(&self) -> bool {
        match self {
            Self::Aws { service, operation, .. }
            | Self::Signed(SignedRequest { service, operation, .. }) => {
                SECRET_SERVICES.contains(&service.as_str())
                    || SECRET.iter().any(|word| operation.contains(word))
            }
            Self::Http(_) | Self::Storage(_) => false,
        }
    }
}

fn changes_nothing(operation: &str) -> bool {
    READING.iter().any(|word| operation.starts_with(word)) || HARMLESS.contains(&operation)
}

fn reads(method: &str) -> bool {
    ["GET", "HEAD"].contains(&method)
}

/// What became of one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The operation's output.
    Done(Value),
    /// It did not work: one word of `err.type`, and the service's own words.
    Failed {
        /// One word, e.g. `throttled`.
        error_type: String,
        /// The service's own words.
        message: String,
        /// The service's own name of the error, where it has one.
        code: Option<String>,
    },
}
