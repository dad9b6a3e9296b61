//! What both ways to a second leg give.

use moonring_flow::{StepFailure, StepResult, connected};
use moonring_wire::Event;

/// The leg that is connected now, or that it has left again.
pub(super) fn connected_leg(event: &Event) -> StepResult {
    connected(event).unwrap_or_else(|| {
        StepResult::Failed(StepFailure::new("left", "the other leg has ended already"))
    })
}
