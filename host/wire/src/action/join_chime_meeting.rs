//! JoinChimeMeeting: connect the caller to a meeting.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ParticipantTag, TypedAction};

/// Connects the caller to a Chime SDK meeting as an attendee. Fails on a bridged call (rule 47).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct JoinChimeMeeting {
    /// The attendee's join token.
    #[schemars(length(min = 2, max = 2048))]
    pub join_token: String,
    /// The leg, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag; the guide allows only LEG-A.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["LEG-A"]))]
    pub participant_tag: Option<ParticipantTag>,
    /// The meeting the token belongs to; needed for meetings made with the ChimeSDKMeetings
    /// namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_id: Option<String>,
}

impl TypedAction for JoinChimeMeeting {
    const TYPE: &'static str = "JoinChimeMeeting";
}
