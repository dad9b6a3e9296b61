//! How a call begins: with the inputs, all that there is to know of it.

use std::sync::Arc;

use moonring_wire::Attributes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::routing::Application;

/// How a call begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The number calling, or the number shown.
    pub from: String,
    /// The number called.
    pub to: String,
    /// Headers that came with the call (rule 57), or are sent along.
    pub sip_headers: Attributes,
    /// Who calls whom.
    pub direction: Direction,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// What its ids are made from.
    pub seed: u64,
}

/// Who calls whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Direction {
    /// Somebody calls a number.
    Inbound {
        /// The SIP rule that matched.
        rule_id: Option<String>,
        /// The rule's applications, the first to be tried first.
        applications: Vec<Arc<Application>>,
    },
    /// CreateSipMediaApplicationCall makes a call (rule 12).
    Outbound {
        /// The application.
        application: Arc<Application>,
        /// What the first event brings (rule 14).
        arguments: Map<String, Value>,
    },
}
