//! Flows between two events, still in memory: as long as one is, its next event needs no replay.

use std::collections::VecDeque;

use mlua::Thread;
use moonring_flow::SavedJournal;

use super::Flow;

/// The most flows that are kept, of some 12 KB each.
const MOST: usize = 64;

/// A flow that waits.
pub(crate) struct SuspendedFlow {
    pub(crate) call: String,
    pub(crate) file: String,
    /// Its journal as it was sent: an event that brings another is no event for it.
    pub(crate) journal: SavedJournal,
    pub(crate) thread: Thread,
    pub(crate) flow: Box<Flow>,
}

/// Flows that wait, the one used last at the end.
#[derive(Default)]
pub(crate) struct SuspendedFlows(VecDeque<SuspendedFlow>);

impl SuspendedFlows {
    /// Takes out the flow of a call, if it is where this journal says.
    pub(crate) fn take(
        &mut self,
        call: &str,
        file: &str,
        journal: &SavedJournal,
    ) -> Option<SuspendedFlow> {
        let index = self.0.iter().position(|live| live.call == call)?;
        let live = self.0.remove(index)?;
        // One that is elsewhere is of no use to later events either.
        (live.journal == *journal && live.file == file).then_some(live)
    }

    /// Keeps a flow, and lets go of the one that was used longest ago where there are too many.
    pub(crate) fn keep(&mut self, live: SuspendedFlow) {
        self.0.retain(|other| other.call != live.call);
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(live);
    }
}
