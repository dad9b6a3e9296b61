//! StopCallRecording: the recording of a leg ends, and cannot begin again.

use super::ActionSpec;
use super::call_recording::{change, role};
use crate::leg::Recording;

pub(super) const ROLE: ActionSpec = role("StopCallRecording", |_, part, call| {
    change(part, call, ROLE.name, &[Recording::Runs, Recording::Rests], Recording::Stopped)
});
