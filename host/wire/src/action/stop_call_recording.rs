//! StopCallRecording: stop the recording of a leg.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TypedAction;

/// Stops the recording of a leg. It cannot be started again on that leg (rule 63).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct StopCallRecording {
    /// The leg, by its id. The service requires it; Moonring fills in LEG-A if you leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
}

impl TypedAction for StopCallRecording {
    const TYPE: &'static str = "StopCallRecording";
}
