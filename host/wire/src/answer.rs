//! An answer: the document the host returns to one event.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Action, Event};

/// The schema version of the service's documents.
pub const SCHEMA_VERSION: &str = "1.0";

/// Text pairs the service keeps for the call (rule 49). The values are texts; the type leaves room
/// for what came.
pub type Attributes = Map<String, Value>;

/// What the host tells the service to do.
///
/// `None` leaves a field out, which the service reads as "keep what is": the running list of
/// actions (rule 24), the stored attributes (rule 51). An empty list also keeps the running list;
/// an empty map clears the attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Answer {
    /// The event's own schema version (rule 26).
    pub schema_version: String,
    /// At most 10 actions (rule 18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
    /// Replaces all stored attributes (rule 50).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_attributes: Option<Attributes>,
}

impl Answer {
    /// The answer that changes nothing, in the schema version of the event it answers.
    pub fn keep(event: Option<&Event>) -> Self {
        let schema_version =
            event.and_then(Event::schema_version).unwrap_or(SCHEMA_VERSION).to_owned();
        Self { schema_version, actions: None, transaction_attributes: None }
    }

    /// The answer as the bytes that are sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Maps with text keys and plain values: printing them cannot fail. The empty object would
        // keep everything running.
        serde_json::to_vec(self).unwrap_or_else(|_| br#"{"SchemaVersion":"1.0"}"#.to_vec())
    }
}
