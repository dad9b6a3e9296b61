//! StartCallRecording: record a leg for the rest of the call.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ParticipantTag, StorageType, TypedAction};

/// Starts recording a leg for the rest of the call; once per leg, delivered after the call (rule
/// 63).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct StartCallRecording {
    /// The leg, by its id. The guide requires it, but published handlers leave it out; Moonring
    /// then fills in LEG-A.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag. Not in the guide's table, but a published handler sends it; Moonring
    /// accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// What is recorded.
    pub track: RecordingTrack,
    /// Where the recording goes.
    pub destination: CallRecordingDestination,
}

/// What is recorded of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum RecordingTrack {
    /// Both sides, in stereo: incoming left, outgoing right.
    Both,
    /// What the party on that leg says.
    Incoming,
    /// What the party on that leg hears.
    Outgoing,
}

/// Where the recording of a call goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CallRecordingDestination {
    /// The storage type: always S3.
    #[serde(rename = "Type")]
    pub destination_type: StorageType,
    /// The bucket, optionally followed by `/` and a prefix; without one the service uses its own
    /// (rule 63).
    #[schemars(length(min = 1))]
    pub location: String,
}

impl TypedAction for StartCallRecording {
    const TYPE: &'static str = "StartCallRecording";
}
