//! PauseCallRecording: pause the recording of a leg.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TypedAction;

/// Pauses the recording of a leg. Silence is recorded meanwhile; length and billing continue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct PauseCallRecording {
    /// The leg, by its id. The service requires it; Moonring fills in LEG-A if you leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
}

impl TypedAction for PauseCallRecording {
    const TYPE: &'static str = "PauseCallRecording";
}
