//! ReceiveDigits: listen for digits in the background.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ParticipantTag, TypedAction};

/// Listens for digits in the background. Each match sends one DIGITS_RECEIVED, until the action is
/// replaced or the leg ends. Digits pressed before it are dropped. The documents disagree about
/// input that does not match; Moonring takes it as dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ReceiveDigits {
    /// The leg, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// A regular expression (the service's kind, not a Lua pattern). Write `[0-9]`: Lua reads
    /// `"\\d"` as `"d"`.
    #[schemars(length(min = 1))]
    pub input_digits_regex: String,
    /// The quiet time after a digit before the input is matched, in milliseconds.
    #[schemars(range(min = 1))]
    pub in_between_digits_duration_in_milliseconds: u32,
    /// When the input is forgotten, in milliseconds from its first digit.
    #[schemars(range(min = 1), extend("x-at-least" = "InBetweenDigitsDurationInMilliseconds"))]
    pub flush_digits_duration_in_milliseconds: u32,
}

impl TypedAction for ReceiveDigits {
    const TYPE: &'static str = "ReceiveDigits";
}
