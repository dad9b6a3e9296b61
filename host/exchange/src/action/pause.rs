//! Pause: nothing, for a while.

use std::time::Duration;

use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "Pause",
    answers: true,
    reports: Reports::OnlyLast,
    is_interruptible: true,
    prepare,
};

fn prepare(parameters: &mut Parameters, _: &mut Stage<'_>) -> Ready {
    let wrong = || Failure::value_of("DurationInMilliseconds");
    let lasts = parameters.milliseconds("DurationInMilliseconds").map_err(|()| wrong())?;
    Ok(Performance::Pausing(Pausing { lasts: lasts.ok_or_else(wrong)? }))
}

#[derive(Debug, Clone)]
pub(crate) struct Pausing {
    lasts: Duration,
}

impl RunningAction for Pausing {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        stage.set_timer(self.lasts);
        Progress::Waits
    }
}
