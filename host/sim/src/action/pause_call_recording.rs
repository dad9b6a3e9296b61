//! PauseCallRecording: the recording of a leg rests.

use super::ActionSpec;
use super::call_recording::{change, role};
use crate::leg::Recording;

pub(super) const ROLE: ActionSpec = role("PauseCallRecording", |_, part, call| {
    change(part, call, ROLE.name, &[Recording::Runs], Recording::Rests)
});
