//! PauseCallRecording: the recording of a leg rests.

use super::ActionSpec;
use super::call_recording::{change, spec};
use crate::leg::Recording;

pub(super) const SPEC: ActionSpec = spec("PauseCallRecording", |_, stage| {
    change(stage, SPEC.name, &[Recording::Runs], Recording::Rests)
});
