//! What a flow hands to the one that it becomes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::legs::ConnectedLeg;

/// All that is left of the flow before, as its successor's journal has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Handover {
    /// How often the call has changed hands.
    pub epoch: u32,
    /// The script of the flow that has it now.
    pub script: String,
    /// What the flow before had to say to this one.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub state: Value,
    /// The second legs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legs: Vec<ConnectedLeg>,
    /// The ids of legs that have ended: what is still to come of them means nothing to the next
    /// flow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
    /// Something was typed in confidence.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_secret: bool,
    /// The call is being recorded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_recorded: bool,
    /// The meeting the call is in, and the attendee it is there; empty where they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<MeetingRef>,
}

/// A meeting that a call is in. Journals have it as a list of both ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[String; 2]", into = "[String; 2]")]
pub struct MeetingRef {
    /// The meeting's id, empty where it is not known.
    pub meeting_id: String,
    /// The id of the attendee that the call is, empty where it is not known.
    pub attendee_id: String,
}

impl From<[String; 2]> for MeetingRef {
    fn from([meeting_id, attendee_id]: [String; 2]) -> Self {
        Self { meeting_id, attendee_id }
    }
}

impl From<MeetingRef> for [String; 2] {
    fn from(meeting: MeetingRef) -> Self {
        [meeting.meeting_id, meeting.attendee_id]
    }
}

impl Handover {
    /// As a journal has it: JSON.
    pub fn to_text(&self) -> String {
        // Texts, numbers and JSON are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads it; `None` where the text is no handover.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
