//! StopCallRecording: stop the recording of a leg.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TypedAction;

/// Stops the recording of a leg. It cannot be started again on that leg (rule 63).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct StopCallRecording {
    /// The leg, by its id. The service requires it; LEG-A is filled in where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
}

impl TypedAction for StopCallRecording {
    const TYPE: &'static str = "StopCallRecording";
}
