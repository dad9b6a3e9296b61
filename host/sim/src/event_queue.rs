//! What will happen by itself, and when.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::invocation::Outcome;

/// Something that happens at a moment of a call.
#[derive(Debug)]
pub(crate) enum Scheduled {
    /// The running action's own time has come; of its timers only the one with this number counts.
    ActionDue(u64),
    /// What the function said to this attempt arrives.
    Arrives { attempt: u32, outcome: Outcome, places: Vec<Option<String>>, api_calls: Vec<Value> },
    /// The function has been silent for 5 s: the service invokes again (rule 29).
    Again { flight: u64 },
    /// The function has been silent for 20 s: the service hangs up (rule 30).
    GivesUp { flight: u64 },
    /// The call has gone on for as long as the simulator lets one.
    TooLong,
    /// A new call that nothing has answered for 30 s (rule 11).
    Unanswered,
    /// The far end of an outbound call begins to ring.
    Rings,
    /// The person of this leg does something with the telephone that rings.
    PicksUp { leg: usize },
    /// The person of this leg does the next thing on the list, unless something came before it.
    Behavior { leg: usize, number: usize },
    /// A key is pressed.
    Key { leg: usize, key: char },
    /// Keys that were pressed are held against the pattern that is listened for, or forgotten.
    Listened { leg: usize, number: u64 },
    /// Somebody updates the call.
    Updated { arguments: Map<String, Value> },
}

/// The happenings to come, in the order of their moments, and for one moment in the order they were
/// set down.
#[derive(Debug, Default)]
pub(crate) struct EventQueue {
    happenings: BTreeMap<(Duration, u64), Scheduled>,
    count: u64,
}

impl EventQueue {
    /// A queue that ends at this moment, whatever is on it.
    pub(crate) fn until(at: Duration) -> Self {
        let mut this = Self::default();
        this.add(at, Scheduled::TooLong);
        this
    }

    /// Whether nothing will happen but the end.
    pub(crate) fn is_idle(&self) -> bool {
        self.happenings.values().all(|happening| matches!(happening, Scheduled::TooLong))
    }

    pub(crate) fn add(&mut self, at: Duration, happening: Scheduled) {
        self.count += 1;
        self.happenings.insert((at, self.count), happening);
    }

    /// When the next thing happens.
    pub(crate) fn next_at(&self) -> Option<Duration> {
        self.happenings.keys().next().map(|(at, _)| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<(Duration, Scheduled)> {
        self.happenings.pop_first().map(|((at, _), happening)| (at, happening))
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&Scheduled) -> bool) {
        self.happenings.retain(|_, happening| keep(happening));
    }
}
