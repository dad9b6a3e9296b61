//! PauseCallRecording: pause the recording of a leg.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TypedAction;

/// Pauses the recording of a leg: silence is recorded meanwhile, length and billing go on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct PauseCallRecording {
    /// The leg, by its id. The service requires it; LEG-A is filled in where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
}

impl TypedAction for PauseCallRecording {
    const TYPE: &'static str = "PauseCallRecording";
}
