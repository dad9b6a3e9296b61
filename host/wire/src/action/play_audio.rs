//! PlayAudio: play a WAV file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AudioSource, DigitKey, ParticipantTag, TextOrNumber, TypedAction};

/// Plays a WAV file on a leg. As the first action it answers an inbound call (rule 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct PlayAudio {
    /// The leg, by its id. The service requires this or the tag; Moonring fills in LEG-A if you
    /// leave out both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// Digits that stop the audio and its repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playback_terminators: Option<Vec<DigitKey>>,
    /// How many times the file is played in total.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 1, "x-lua" = "times"))]
    pub repeat: Option<TextOrNumber>,
    /// The file.
    pub audio_source: AudioSource,
}

impl TypedAction for PlayAudio {
    const TYPE: &'static str = "PlayAudio";
}
