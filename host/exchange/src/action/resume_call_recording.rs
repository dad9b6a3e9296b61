//! ResumeCallRecording: the recording of a leg goes on.

use super::ActionSpec;
use super::call_recording::{change, spec};
use crate::leg::Recording;

pub(super) const SPEC: ActionSpec = spec("ResumeCallRecording", |_, stage| {
    change(stage, SPEC.name, &[Recording::Rests], Recording::Runs)
});
