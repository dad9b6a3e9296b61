//! Yes or no, which the service takes as a boolean and as a string.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A boolean, written as either JSON type; it is sent the way it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(transform = as_two_types)]
pub enum FlagOrText {
    /// `true`
    Flag(bool),
    /// `"True"`
    Text(String),
}

/// One property of two types reads better, in checks and in documentation, than a choice of two
/// schemas.
fn as_two_types(schema: &mut schemars::Schema) {
    schema.remove("anyOf");
    schema.insert("type".to_owned(), serde_json::json!(["boolean", "string"]));
    schema.insert("enum".to_owned(), serde_json::json!(["True", "False", "true", "false"]));
}
