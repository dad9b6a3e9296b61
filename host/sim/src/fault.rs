//! Faults on demand: what goes wrong because a test wants to see it.

use std::collections::BTreeMap;
use std::time::Duration;

use moonring_exchange::{ActionError, Outcome};

/// What should go wrong.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Actions that fail, by their type.
    pub actions: BTreeMap<String, ActionError>,
    /// Invocations that go wrong, by their number in the call, counted from 1.
    pub invocations: BTreeMap<u32, FaultyReply>,
    /// Whether every event is delivered a second time, after its answer; the second answer counts
    /// for nothing.
    pub twice: bool,
}

/// What comes back instead of an answer.
#[derive(Debug, Clone)]
pub struct FaultyReply {
    /// What.
    pub outcome: Outcome,
    /// After how long.
    pub after: Duration,
}
