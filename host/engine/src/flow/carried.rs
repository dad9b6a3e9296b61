//! What a flow hands to the one that it becomes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// All that is left of the flow before, as its successor's journal has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Carried {
    /// How often the call has changed hands.
    pub(super) epoch: u32,
    /// The script of the flow that has it now.
    pub(super) script: String,
    /// What the flow before had to say to this one.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(super) state: Value,
    /// The second legs: tag, id, from and to of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) legs: Vec<[String; 4]>,
    /// The ids of legs that have ended: what is still to come of them means nothing to the next flow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) former: Vec<String>,
    /// Something was typed in confidence.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) has_secret: bool,
    /// The call is being recorded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_recorded: bool,
    /// The meeting the call is in, and the attendee it is there; empty where they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) meeting: Option<[String; 2]>,
}

impl Carried {
    pub(super) fn to_text(&self) -> String {
        // Texts, numbers and JSON are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn of(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
