//! PlayAudioAndGetDigits: play a prompt and collect digits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AudioSource, DigitKey, ParticipantTag, TypedAction};

/// Plays a prompt and collects digits, with a failure prompt and repeats. As the first action it
/// answers an inbound call (rule 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct PlayAudioAndGetDigits {
    /// The leg, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// A regular expression (the service's kind, not a Lua pattern) that the whole input must
    /// match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_digits_regex: Option<String>,
    /// The prompt.
    pub audio_source: AudioSource,
    /// What is played after invalid input.
    pub failure_audio_source: AudioSource,
    /// The minimum number of digits; 0 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_number_of_digits: Option<u32>,
    /// The maximum number of digits; 128 if left out. The guide's table wants more than the
    /// minimum, but published calls use equal values, which Moonring accepts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-at-least" = "MinNumberOfDigits"))]
    pub max_number_of_digits: Option<u32>,
    /// Digits that end the input; `#` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminator_digits: Option<Vec<DigitKey>>,
    /// The longest wait between two digits, in milliseconds; RepeatDurationInMilliseconds if left
    /// out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub in_between_digits_duration_in_milliseconds: Option<u32>,
    /// How many tries the caller has in total; 1 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1), extend("x-lua" = "tries"))]
    pub repeat: Option<u32>,
    /// The time for one try, in milliseconds.
    #[schemars(range(min = 1))]
    pub repeat_duration_in_milliseconds: u32,
}

impl TypedAction for PlayAudioAndGetDigits {
    const TYPE: &'static str = "PlayAudioAndGetDigits";
}
