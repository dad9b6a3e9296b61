//! A journal as it travels with a call: a text that is read at most once, and only where somebody
//! needs what it says.

use std::cell::OnceCell;
use std::rc::Rc;

use moonring_wire::{Event, EventType};

use crate::journal::{FlowFailed, Journal};

/// What a pointer to a stored journal begins with, behind the mark of a failure. No journal begins
/// so.
const POINTER: char = '@';
/// Hexadecimal digits of the hash in a pointer: 128 bits.
const HASH: usize = 32;

/// The journal of a call between two events. Clones share what was read.
#[derive(Clone)]
pub struct SavedJournal(Rc<Saved>);

struct Saved {
    /// Printed at the first need.
    text: OnceCell<String>,
    /// Read at the first need; `None` where the text is no journal.
    journal: OnceCell<Option<Journal>>,
    /// How many bytes no later event changes, behind the mark of a failure.
    settled: OnceCell<usize>,
    failed: Option<FlowFailed>,
}

/// Where a journal lies that is too long for the attributes of its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPart<'a> {
    /// The hash of the part that is stored.
    pub hash: &'a str,
    /// The rest of the journal, which travels with the call.
    pub tail: &'a str,
}

impl SavedJournal {
    /// The journal that an event brought.
    pub fn from_text(text: impl Into<String>) -> Self {
        let text = text.into();
        let failed = Journal::failed_mark(&text);
        Self::new(Some(text), None, failed)
    }

    /// A journal that is at hand as a value: it is printed only if it has to travel.
    pub fn from_journal(journal: Journal) -> Self {
        let failed = journal.failed;
        Self::new(None, Some(journal), failed)
    }

    /// The journal as it is to travel: printed now, so that the flow can go on changing its own.
    pub fn print(journal: &Journal) -> Self {
        let saved = Self::new(Some(journal.to_text()), None, journal.failed);
        // It was not set before.
        let _ = saved.0.settled.set(journal.settled());
        saved
    }

    fn new(text: Option<String>, journal: Option<Journal>, failed: Option<FlowFailed>) -> Self {
        let text = text.map(OnceCell::from).unwrap_or_default();
        let journal = journal.map(|journal| OnceCell::from(Some(journal))).unwrap_or_default();
        Self(Rc::new(Saved { text, journal, settled: OnceCell::new(), failed }))
    }

    /// The text that travels.
    pub fn text(&self) -> &str {
        let print = || {
            self.0.journal.get().and_then(Option::as_ref).map(Journal::to_text).unwrap_or_default()
        };
        self.0.text.get_or_init(print)
    }

    /// How the flow has failed, if it has. Needs no reading.
    pub fn failed(&self) -> Option<FlowFailed> {
        self.0.failed
    }

    /// What it says; `None` where it cannot be read, or a part of it is stored elsewhere.
    pub fn journal(&self) -> Option<&Journal> {
        self.0.journal.get_or_init(|| Journal::read(self.text())).as_ref()
    }

    /// The script whose flow has the call, where that is not the one the call began with.
    pub fn script(&self) -> Option<&str> {
        // Most journals say by one letter that no other flow has taken over.
        if self.0.journal.get().is_none() && !Journal::has_handover(self.body()) {
            return None;
        }
        self.journal()?.handover.as_ref().map(|handover| handover.script.as_str())
    }

    /// Where a part of it lies, if that is elsewhere.
    pub fn stored_part(&self) -> Option<StoredPart<'_>> {
        let (hash, tail) = self.body().strip_prefix(POINTER)?.split_at_checked(HASH)?;
        Some(StoredPart { hash, tail })
    }

    /// Whether a part of it lies elsewhere, or is said to.
    pub fn is_pointer(&self) -> bool {
        self.body().starts_with(POINTER)
    }

    /// The text without the mark of a failure.
    pub fn body(&self) -> &str {
        let text = self.text();
        if self.failed().is_some() { &text[1..] } else { text }
    }

    /// The part that no later event changes: it can be stored. All of it where it cannot be read.
    pub fn settled_part(&self) -> &str {
        let settled = || self.journal().map_or(self.body().len(), Journal::settled);
        let bytes = *self.0.settled.get_or_init(settled);
        self.body().get(..bytes).unwrap_or(self.body())
    }

    /// The whole journal, whose stored part is this.
    pub fn with_stored_part(&self, head: &str) -> Self {
        match self.stored_part() {
            Some(StoredPart { tail, .. }) => self.with_body(&format!("{head}{tail}")),
            None => self.clone(),
        }
    }

    /// What travels in its place where so many bytes of its body are stored under this hash.
    pub fn pointing_to(&self, hash: &str, bytes: usize) -> Self {
        let tail = self.body().get(bytes..).unwrap_or_default();
        self.with_body(&format!("{POINTER}{hash}{tail}"))
    }

    /// The same text, of a flow that has failed like this one.
    pub fn failed_like(&self, other: &Self) -> Self {
        Self::new(Some(format!("{}{}", other.mark(), self.body())), None, other.failed())
    }

    fn with_body(&self, body: &str) -> Self {
        Self::new(Some(format!("{}{body}", self.mark())), None, self.failed())
    }

    fn mark(&self) -> String {
        self.failed().map(|failed| Journal::mark(failed).to_string()).unwrap_or_default()
    }
}

impl PartialEq for SavedJournal {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.text() == other.text()
    }
}

impl std::fmt::Debug for SavedJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SavedJournal").field(&self.text()).finish()
    }
}

/// The journal of a flow that has failed, to be stored with the fallback. `before` is the journal
/// that the event brought, `after` the one at the moment of the failure where the flow comes to the
/// same failure again in a replay: what it gave to `on_hangup` up to then still runs.
pub fn failed_journal(
    before: Option<&SavedJournal>,
    event: &Event,
    after: Option<Journal>,
) -> SavedJournal {
    let is_heard = ![EventType::NewOutboundCall, EventType::Ringing, EventType::ActionInterrupted]
        .contains(&event.event_type());
    if let Some(stored) = before.filter(|before| before.is_pointer()) {
        // The rest of it lies elsewhere; the call's end may need it.
        let failed = FlowFailed { has_steps: true, is_heard };
        return SavedJournal::new(
            Some(format!("{}{}", Journal::mark(failed), stored.body())),
            None,
            Some(failed),
        );
    }
    let known = before.and_then(SavedJournal::journal);
    let failed_before = known.and_then(|journal| journal.failed);
    let has_steps =
        after.is_some() || failed_before.map_or(known.is_some(), |before| before.has_steps);
    let mut journal = after
        .or_else(|| known.cloned())
        .unwrap_or_else(|| Journal::begin(0, "", String::new(), None));
    journal.failed = Some(FlowFailed { has_steps, is_heard });
    journal.notes.is_answered |= event.event_type() == EventType::CallAnswered;
    SavedJournal::print(&journal)
}
