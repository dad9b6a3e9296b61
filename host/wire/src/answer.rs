//! An answer: the document the host returns to one event.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
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

    /// A number of bytes that the answer is not longer than, as it is sent: told without printing
    /// it.
    pub fn most_bytes(&self) -> usize {
        let actions = self.actions.iter().flatten().map(|action| {
            let other: usize =
                action.other.iter().map(|(name, value)| text(name) + most(value)).sum();
            text(&action.action_type) + action.parameters.as_ref().map_or(0, most) + other + 40
        });
        let attributes = self.transaction_attributes.iter().flatten();
        let attributes = attributes.map(|(name, value)| text(name) + most(value));
        text(&self.schema_version) + actions.sum::<usize>() + attributes.sum::<usize>() + 100
    }

    /// The answer as the bytes that are sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_raw().get().as_bytes().to_vec()
    }

    /// The answer as the text that is sent.
    pub fn to_raw(&self) -> Box<RawValue> {
        // Maps with text keys and plain values: printing them cannot fail. The empty object would
        // keep everything running.
        to_raw_value(self)
            .or_else(|_| RawValue::from_string(r#"{"SchemaVersion":"1.0"}"#.to_owned()))
            .unwrap_or_default()
    }
}

/// The most bytes of a text in JSON: six for a control character, and its marks.
fn text(text: &str) -> usize {
    6 * text.len() + 4
}

fn most(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 6,
        // A float of 64 bits, in full.
        Value::Number(_) => 32,
        Value::String(string) => text(string),
        Value::Array(items) => items.iter().map(most).sum::<usize>() + 3,
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| text(name) + most(value)).sum::<usize>() + 3
        }
    }
}
