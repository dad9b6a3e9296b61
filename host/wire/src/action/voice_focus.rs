//! VoiceFocus: noise suppression.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FlagOrText, TypedAction};

/// Turns noise suppression on or off for a leg; at most 5 a second per account (rule 66).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct VoiceFocus {
    /// Whether it is on. The guide writes True and False, handlers send booleans, one sends the
    /// string `True`; Moonring accepts all.
    pub enable: FlagOrText,
    /// The leg, by its id. The guide requires it, but published handlers leave it out; Moonring
    /// then fills in LEG-A.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
}

impl TypedAction for VoiceFocus {
    const TYPE: &'static str = "VoiceFocus";
}
