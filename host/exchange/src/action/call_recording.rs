//! What the actions have in common that record a leg while the call goes on.

use super::{ActionSpec, Failure, Performance, Prepare, Progress, Ready, Reports};
use super::{RunningAction, Stage};
use crate::leg::Recording;

/// What there is to know of an action that changes how a leg is recorded.
pub(super) const fn spec(name: &'static str, prepare: Prepare) -> ActionSpec {
    ActionSpec {
        name,
        answers: false,
        reports: Reports::OnlyLast,
        is_interruptible: false,
        prepare,
    }
}

/// A change of how a leg is recorded, if it is recorded in one of these ways.
pub(super) fn change(
    stage: &Stage<'_>,
    name: &'static str,
    from: &[Recording],
    to: Recording,
) -> Ready {
    if !stage.leg().is_some_and(|leg| from.contains(&leg.recording)) {
        return Err(Failure::leg_of(name));
    }
    Ok(Performance::Changing(Changing { name, to }))
}

#[derive(Debug, Clone)]
pub(crate) struct Changing {
    name: &'static str,
    to: Recording,
}

impl RunningAction for Changing {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        stage.change_recording(self.to);
        stage.note_done(self.name);
        Progress::done()
    }
}
