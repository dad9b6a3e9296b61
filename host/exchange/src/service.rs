//! What the exchange holds true for its calls: how open points are read, the account, what fails.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::action_error::ActionError;
use crate::readings::Readings;

/// What the exchange holds true for a call, from its beginning to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// How open points are read.
    pub readings: Readings,
    /// The account: 12 digits.
    pub account: String,
    /// Meetings that are known; a call that joins another one is taken at its word.
    pub meetings: BTreeMap<String, Meeting>,
    /// Numbers of the account, which a bridged call may show as the caller; without any, every
    /// number may be shown.
    pub numbers: Vec<String>,
    /// Whether SIP messages are logged (rule 56).
    pub logs_sip: bool,
    /// Actions that fail, by their type.
    pub failing_actions: BTreeMap<String, ActionError>,
    /// Whether every event is delivered a second time, after its answer; the second answer counts
    /// for nothing.
    pub delivers_twice: bool,
}

/// A meeting: its attendees' ids, by their join tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Ids by join token.
    pub attendees: BTreeMap<String, String>,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            readings: Readings::default(),
            account: "111122223333".to_owned(),
            meetings: BTreeMap::new(),
            numbers: Vec::new(),
            logs_sip: false,
            failing_actions: BTreeMap::new(),
            delivers_twice: false,
        }
    }
}
