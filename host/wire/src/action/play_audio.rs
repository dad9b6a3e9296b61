//! PlayAudio: play a WAV file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AudioSource, DigitKey, ParticipantTag, TextOrNumber, TypedAction};

/// Plays a WAV file on a leg. As the first action it answers an inbound call (rule 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct PlayAudio {
    /// The leg, by its id. The service requires this or the tag; LEG-A is filled in where both are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// Keys that stop the audio, its repeats too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playback_terminators: Option<Vec<DigitKey>>,
    /// How often it is played in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 1, "x-lua" = "times"))]
    pub repeat: Option<TextOrNumber>,
    /// The file.
    pub audio_source: AudioSource,
}

impl TypedAction for PlayAudio {
    const TYPE: &'static str = "PlayAudio";
}
