//! Hangup: disconnect one leg.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ParticipantTag, TextOrNumber, TypedAction};

/// Disconnects one leg with a SIP response code. As the first action on a new inbound call it
/// rejects the call, which is then neither answered nor charged (rule 9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Hangup {
    /// The leg, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The leg, by its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_tag: Option<ParticipantTag>,
    /// 0 (normal), 480 (unavailable) or 486 (busy). The documents disagree on 200, which a
    /// published tutorial sends; Moonring accepts it (rule 46).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["0", "480", "486", "200"]))]
    pub sip_response_code: Option<TextOrNumber>,
}

impl TypedAction for Hangup {
    const TYPE: &'static str = "Hangup";
}
