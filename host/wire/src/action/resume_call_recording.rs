//! ResumeCallRecording: resume a paused recording.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TypedAction;

/// Resumes a paused recording; a short tone is played first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(extend("x-leg" = "CallId"))]
pub struct ResumeCallRecording {
    /// The leg, by its id. The service requires it; Moonring fills in LEG-A if you leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
}

impl TypedAction for ResumeCallRecording {
    const TYPE: &'static str = "ResumeCallRecording";
}
