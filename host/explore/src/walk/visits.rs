//! How often a state is visited, and by which ways.

use std::collections::BTreeSet;

use crate::choice::Choice;

/// How often a state is visited: once from each state before it by each choice, and not more often
/// than this.
const VISITS: usize = 2;
const VISITS_BY_OTHER_WAYS: usize = 16;

/// Whether a path goes on from a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visit {
    /// It does.
    New,
    /// Others have come by the same way, or by ways enough.
    Known,
    /// It came by a new way, and too many have come before.
    TooMany,
}

/// A state that calls with another start have visited, and that a call of this start passes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Passage {
    pub(super) start_number: usize,
    pub(super) key: u64,
}

/// How often a state was visited.
#[derive(Default)]
pub(super) struct Visits {
    /// The number of the start by which calls came here first.
    pub(super) first_start: usize,
    count: usize,
    /// The states before it, with the choices made there.
    ways: BTreeSet<(u64, Choice)>,
}

impl Visits {
    /// No visit yet, of a state that a call of this start comes to first.
    pub(super) fn first_by(start_number: usize) -> Self {
        Self { first_start: start_number, ..Self::default() }
    }

    /// Whether a path goes on from here that came by this way.
    pub(super) fn may_visit(&mut self, way: Option<(u64, Choice)>) -> Visit {
        let is_new = way.is_some_and(|way| !way.1.is_fault() && self.ways.insert(way));
        if self.count < VISITS || is_new && self.count < VISITS_BY_OTHER_WAYS {
            self.count += 1;
            return Visit::New;
        }
        if is_new { Visit::TooMany } else { Visit::Known }
    }
}
