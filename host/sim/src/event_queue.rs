//! What will happen by itself, and when.

use std::time::Duration;

use moonring_exchange::{Input, LegNumber, Ticket};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Something that happens at a moment of a call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Scheduled {
    /// The exchange is told.
    Input(Input),
    /// The telephone of somebody who is called begins to ring.
    Rings { leg: LegNumber },
    /// The person of this leg does the next thing on the list, unless something came before it.
    Behavior { leg: LegNumber, number: usize },
    /// Somebody updates the call.
    Updated { arguments: Map<String, Value> },
}

/// What happens, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Planned {
    at: Duration,
    what: Scheduled,
}

/// The happenings to come, in the order of their moments, and for one moment in the order they were
/// set down.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct EventQueue(Vec<Planned>);

impl Scheduled {
    fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Input(
                Input::Finished { ticket }
                | Input::Timer { ticket }
                | Input::Understood { ticket, .. }
                | Input::Replied { ticket, .. },
            ) => Some(*ticket),
            _ => None,
        }
    }

    fn leg(&self) -> Option<LegNumber> {
        match self {
            Self::Input(
                Input::Answered { leg } | Input::Busy { leg } | Input::Digit { leg, .. },
            )
            | Self::Rings { leg }
            | Self::Behavior { leg, .. } => Some(*leg),
            _ => None,
        }
    }
}

impl EventQueue {
    /// Whether nothing will happen but the end of this timer.
    pub(crate) fn is_idle(&self, but: Ticket) -> bool {
        self.0.iter().all(|planned| planned.what.ticket() == Some(but))
    }

    pub(crate) fn add(&mut self, at: Duration, what: Scheduled) {
        let behind = self.0.partition_point(|planned| planned.at <= at);
        self.0.insert(behind, Planned { at, what });
    }

    pub(crate) fn add_input(&mut self, at: Duration, input: Input) {
        self.add(at, Scheduled::Input(input));
    }

    /// When the next thing happens.
    pub(crate) fn next_at(&self) -> Option<Duration> {
        self.0.first().map(|planned| planned.at)
    }

    /// The next thing, if it is due by this moment, and when it was.
    pub(crate) fn pop_due(&mut self, by: Duration) -> Option<(Duration, Scheduled)> {
        let is_due = self.0.first().is_some_and(|planned| planned.at <= by);
        is_due.then(|| self.0.remove(0)).map(|Planned { at, what }| (at, what))
    }

    /// Whether something with this ticket is to happen.
    pub(crate) fn has(&self, ticket: Ticket) -> bool {
        self.0.iter().any(|planned| planned.what.ticket() == Some(ticket))
    }

    /// What has this ticket does not happen.
    pub(crate) fn remove(&mut self, ticket: Ticket) {
        self.0.retain(|planned| planned.what.ticket() != Some(ticket));
    }

    /// What is of this leg does not happen.
    pub(crate) fn remove_leg(&mut self, leg: LegNumber) {
        self.0.retain(|planned| planned.what.leg() != Some(leg));
    }
}
