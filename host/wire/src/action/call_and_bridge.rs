//! CallAndBridge: dial a second leg and connect it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AudioSource, TextOrNumber, TypedAction};

/// Dials a second leg, LEG-B, and connects it to LEG-A. As the first action on a new inbound call,
/// LEG-A hears ringing and is answered when LEG-B answers (rule 10). When one leg hangs up, the
/// other stays connected and is billed (rule 40).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CallAndBridge {
    /// The id of the first leg. Not in the guide's table, but in the service's events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// How long the new leg may ring, in seconds; 30 if left out. The documents disagree on the
    /// least: 1 (the guide) or 0 (an error message); Moonring takes 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 1, "maximum" = 120))]
    pub call_timeout_seconds: Option<TextOrNumber>,
    /// The number that the callee sees: one of the account's, or the From number of LEG-A.
    #[schemars(extend("x-form" = "phone"))]
    pub caller_id_number: String,
    /// What LEG-A hears while LEG-B rings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ringback_tone: Option<AudioSource>,
    /// Whom to dial: exactly one.
    #[schemars(length(min = 1, max = 1))]
    pub endpoints: Vec<BridgeEndpoint>,
    /// SIP headers for the new leg, each `x-…`, `User-to-User` or `Diversion` (rules 58 and 59).
    /// The guide allows them only for AWS endpoints; an example also sends them to a PSTN number,
    /// so Moonring accepts both (rule 60).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-form" = "sip_headers"))]
    pub sip_headers: Option<BTreeMap<String, String>>,
}

/// Whom to dial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "BridgeEndpointType")]
pub enum BridgeEndpoint {
    /// A telephone number.
    #[serde(rename = "PSTN", rename_all = "PascalCase")]
    Pstn {
        /// The number, in E.164.
        #[schemars(extend("x-form" = "phone"))]
        uri: String,
    },
    /// A Voice Connector or a group of them.
    #[serde(rename = "AWS", rename_all = "PascalCase")]
    Aws {
        /// The ARN of the Voice Connector or the group.
        #[schemars(length(min = 1))]
        arn: String,
        /// The user part of the request URI.
        #[schemars(length(min = 1, max = 30), extend("x-form" = "sip_user"))]
        uri: String,
    },
}

impl TypedAction for CallAndBridge {
    const TYPE: &'static str = "CallAndBridge";
}
