//! The cancel flag: how a watchdog stops the script of one event and no other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Holds the number of the event whose script must stop. Every interrupt tick of the VM compares it
/// with the event at hand, so a store that comes late cannot stop the next event, and the stop is
/// sticky for this one: a script that catches the error meets it again at its next tick.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Arc<AtomicU64>);

impl CancelFlag {
    /// Stops the script of this event. Event numbers begin at 1.
    pub fn cancel(&self, event_number: u64) {
        self.0.store(event_number, Ordering::Release);
    }

    /// Whether the script of this event was stopped.
    pub fn is_cancelled(&self, event_number: u64) -> bool {
        event_number != 0 && self.0.load(Ordering::Acquire) == event_number
    }
}
