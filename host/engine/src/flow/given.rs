//! What an event brings for a flow.

use moonring_flow::{SavedJournal, Secrets};

use crate::Buckets;

/// What an event brings for a flow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    pub(crate) buckets: Buckets,
    pub(crate) journal: Option<SavedJournal>,
    pub(crate) secrets: Secrets,
    /// The journal is that of a flow which another has just become: its first event is the one at
    /// hand.
    pub(crate) has_become: bool,
}

impl Given {
    /// Whether the flow of the call has failed at an earlier event.
    pub(crate) fn is_broken(&self) -> bool {
        self.journal.as_ref().and_then(SavedJournal::failed).is_some()
    }
}
