//! Pause: nothing, for a while.

use super::{ActionSpec, Failure, Parameters, Part, Ready, Reports, Takes};
use crate::call::Call;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "Pause",
    answers: true,
    reports: Reports::OnlyLast,
    is_interruptible: true,
    perform,
};

fn perform(parameters: &mut Parameters, _: Part, _: &mut Call) -> Ready {
    let wrong = || Failure::value_of("DurationInMilliseconds");
    let lasts = parameters.milliseconds("DurationInMilliseconds").map_err(|()| wrong())?;
    Ok(Box::new(Takes(lasts.ok_or_else(wrong)?)))
}
