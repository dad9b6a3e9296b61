//! ModifyChimeMeetingAttendees: mute or unmute telephone attendees.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ParticipantTag, TypedAction};

/// Mutes or unmutes telephone attendees of the meeting that the call has joined (rule 47).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ModifyChimeMeetingAttendees {
    /// What to do.
    pub operation: AttendeeOperation,
    /// The meeting, which the call must have joined (rule 47).
    #[schemars(length(min = 1))]
    pub meeting_id: String,
    /// The leg between the application and the meeting, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The same leg by its tag: LEG-B. The guide's table allows any tag, but its text only LEG-B,
    /// which Moonring requires.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["LEG-B"]))]
    pub participant_tag: Option<ParticipantTag>,
    /// The ids of the attendees, at most 100 (rule 67).
    #[schemars(length(min = 1, max = 100))]
    pub attendee_list: Vec<String>,
}

/// What to do with the attendees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AttendeeOperation {
    /// Nobody hears them.
    Mute,
    /// They are heard again.
    Unmute,
}

impl TypedAction for ModifyChimeMeetingAttendees {
    const TYPE: &'static str = "ModifyChimeMeetingAttendees";
}
