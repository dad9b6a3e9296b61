//! ResumeCallRecording: the recording of a leg goes on.

use super::ActionSpec;
use super::call_recording::{change, role};
use crate::leg::Recording;

pub(super) const ROLE: ActionSpec = role("ResumeCallRecording", |_, part, call| {
    change(part, call, ROLE.name, &[Recording::Rests], Recording::Runs)
});
