//! Pause: wait for a time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ParticipantTag, TextOrNumber, TypedAction};

/// Waits. As the first action on a new inbound call it is assumed to answer the call; the service's
/// documents do not say (rule 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Pause {
    /// The leg, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// How long, in milliseconds.
    #[schemars(extend("minimum" = 1))]
    pub duration_in_milliseconds: TextOrNumber,
}

impl TypedAction for Pause {
    const TYPE: &'static str = "Pause";
}
