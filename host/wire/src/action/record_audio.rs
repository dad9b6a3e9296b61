//! RecordAudio: record one leg.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DigitKey, ParticipantTag, StorageType, TextOrNumber, TypedAction};

/// Records one leg to S3 until a digit, a time limit or silence. There is no start tone: play one
/// first. As the first action it answers an inbound call (rule 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RecordAudio {
    /// The leg, by its id; takes precedence over the tag. One page forbids both together, but
    /// others send both; Moonring accepts both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// The longest recording, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 1))]
    pub duration_in_seconds: Option<TextOrNumber>,
    /// Silence that ends the recording, in seconds. If left out, silence does not end it, though
    /// the same page also names a default of 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub silence_duration_in_seconds: Option<u32>,
    /// What counts as silence: 1 is about 30 dB, 100 about 40 to 50, 200 about 60, 1000 about 75;
    /// 200 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub silence_threshold: Option<u32>,
    /// Digits that end the recording.
    pub recording_terminators: Vec<DigitKey>,
    /// Where the recording goes.
    pub recording_destination: RecordingDestination,
}

/// Where a recording goes: a bucket of the application's account that the service may write to
/// (rule 62).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RecordingDestination {
    /// The storage type: always S3.
    #[serde(rename = "Type")]
    pub destination_type: StorageType,
    /// The bucket.
    #[schemars(length(min = 1))]
    pub bucket_name: String,
    /// The key's prefix, made of S3's safe characters; the root of the bucket if left out (rule
    /// 62).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 979), extend("x-form" = "s3_key"))]
    pub prefix: Option<String>,
}

impl TypedAction for RecordAudio {
    const TYPE: &'static str = "RecordAudio";
}
