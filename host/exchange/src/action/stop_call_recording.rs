//! StopCallRecording: the recording of a leg ends, and cannot begin again.

use super::ActionSpec;
use super::call_recording::{change, spec};
use crate::leg::Recording;

pub(super) const SPEC: ActionSpec = spec("StopCallRecording", |_, stage| {
    change(stage, SPEC.name, &[Recording::Runs, Recording::Rests], Recording::Stopped)
});
