//! What the actions have in common that record a leg while the call goes on.

use std::time::Duration;

use super::{ActionSpec, Failure, Part, Perform, Ready, Reports, Takes};
use crate::call::Call;
use crate::leg::Recording;
use crate::trace::Happened;

/// The role of an action that changes how a leg is recorded.
pub(super) const fn role(name: &'static str, perform: Perform) -> ActionSpec {
    ActionSpec {
        name,
        answers: false,
        reports: Reports::OnlyLast,
        is_interruptible: false,
        perform,
    }
}

/// What a wrong leg is called here.
pub(super) fn wrong_leg() -> Failure {
    Failure::parameter("CallId parameter for action is invalid")
}

/// Changes how a leg is recorded, if it is recorded in one of these ways.
pub(super) fn change(
    part: Part,
    call: &mut Call,
    name: &str,
    from: &[Recording],
    to: Recording,
) -> Ready {
    let leg = &mut call.legs[part.leg];
    if !from.contains(&leg.recording) {
        return Err(wrong_leg());
    }
    leg.recording = to;
    call.trace.add(call.now, Happened::Does { action: name.to_owned(), place: part.place });
    Ok(Box::new(Takes(Duration::ZERO)))
}
