//! Faults on demand: what goes wrong because a test wants to see it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::invocation::Outcome;

/// What shall go wrong.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Actions that fail, by their type, with this error type and message.
    pub actions: BTreeMap<String, (String, String)>,
    /// Invocations that go wrong, by their number in the call, counted from 1: what comes back instead of an answer, and after how long.
    pub invocations: BTreeMap<u32, (Outcome, Duration)>,
    /// Whether every event is delivered a second time, after its answer; the second answer counts for nothing.
    pub twice: bool,
}
