//! RecordMeeting: a legacy type that events may name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ParticipantTag, TypedAction};

/// Named in one old table of events and nowhere else; its parameters are not documented. Events
/// about it pass through; as an action it is rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-refused" = "the service does not document RecordMeeting as an action; use start_call_recording to record a call"))]
pub struct RecordMeeting {
    /// The leg, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
}

impl TypedAction for RecordMeeting {
    const TYPE: &'static str = "RecordMeeting";
}
