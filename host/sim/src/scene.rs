//! Where the virtual world stands in a call: who is there, what they are about to do, and what will
//! happen when. With the start and the inputs of the exchange's call it is the whole call.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use moonring_exchange::{AudioFile, LegNumber, Ticket};
use serde::{Deserialize, Serialize};

use crate::callees::Callees;
use crate::event_queue::EventQueue;
use crate::person::{Person, PersonAction};

/// Where the virtual world stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Scene {
    /// The moment, from the start of the call.
    pub(crate) now: Duration,
    pub(crate) queue: EventQueue,
    pub(crate) parties: BTreeMap<LegNumber, Party>,
    /// Who is called next.
    pub(crate) callees: Callees,
    /// How many invocations there were.
    pub(crate) attempts: u32,
    /// Those that nothing has come of yet.
    pub(crate) invoked: BTreeMap<Ticket, Attempt>,
    pub(crate) dialled: BTreeMap<Ticket, LegNumber>,
    pub(crate) recordings: BTreeMap<Ticket, Recording>,
    pub(crate) conversation: Option<Conversation>,
    /// Files that the exchange takes for unplayable.
    pub(crate) unplayable: BTreeSet<AudioFile>,
    /// What the first party did in the end although nothing had asked for it.
    #[serde(default)]
    pub(crate) unasked: Vec<PersonAction>,
    /// The next answer comes so much later.
    #[serde(default)]
    pub(crate) late: Option<Duration>,
    /// How many askings people have been told of.
    pub(crate) askings: u64,
}

/// Somebody on the line.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Party {
    pub(crate) person: Person,
    /// The number of what they do next, and since when it is the next.
    pub(crate) next: usize,
    pub(crate) next_since: Duration,
    /// The asking for digits that they have heeded already.
    pub(crate) heeded: u64,
    /// Until when they talk.
    pub(crate) talks_until: Duration,
}

/// An invocation.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) number: u32,
    pub(crate) began: Duration,
}

/// A recording that silence ends.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Recording {
    pub(crate) leg: LegNumber,
    pub(crate) silence: Duration,
    /// When it is as long as it may be.
    pub(crate) ends_at: Option<Duration>,
}

/// Somebody talks with a bot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Conversation {
    pub(crate) ticket: Ticket,
    pub(crate) leg: LegNumber,
    pub(crate) bot: String,
}

impl Party {
    pub(crate) fn new(person: Person) -> Self {
        Self { person, ..Self::default() }
    }
}

impl Recording {
    /// When it ends by itself, where its party talks until this moment.
    pub(crate) fn due_at(&self, silent_from: Duration) -> Duration {
        let silent_at = silent_from + self.silence;
        self.ends_at.map_or(silent_at, |ends_at| ends_at.min(silent_at))
    }
}
