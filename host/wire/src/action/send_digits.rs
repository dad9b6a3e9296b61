//! SendDigits: send DTMF digits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TypedAction;

/// Sends DTMF digits on a leg.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct SendDigits {
    /// The leg, by its id. The service requires it; Moonring fills in LEG-A if you leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// `0` to `9`, `*`, `#`, `A` to `D`; a comma is half a second of silence. At most 50 (rule 67),
    /// assumed to include commas.
    #[schemars(length(min = 1, max = 50), extend("x-form" = "dtmf"))]
    pub digits: String,
    /// The length of a tone, in milliseconds; 250 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 50, max = 24_000))]
    pub tone_duration_in_milliseconds: Option<u32>,
}

impl TypedAction for SendDigits {
    const TYPE: &'static str = "SendDigits";
}
