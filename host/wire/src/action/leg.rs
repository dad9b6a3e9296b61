//! The tags by which an action names a leg.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The tag of a leg. CallId takes precedence over it; without either, it is the leg that the event
/// is about (rule 27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ParticipantTag {
    /// The first leg of the call.
    #[serde(rename = "LEG-A")]
    LegA,
    /// The leg of a bridge or a meeting (rule 38).
    #[serde(rename = "LEG-B")]
    LegB,
}
