//! Hangup: a leg ends.

use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};
use crate::leg::{Leg, Tag};

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "Hangup",
    answers: false,
    reports: Reports::Always,
    is_interruptible: false,
    prepare,
};

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    let code = parameters
        .number("SipResponseCode", 0, 699)
        .map_err(|()| Failure::value_of("SipResponseCode"))?;
    let code = u16::try_from(code.unwrap_or(0)).unwrap_or(0);
    if !matches!(code, 0 | 480 | 486) {
        if !stage.service().readings.other_codes {
            return Err(Failure::value_of("SipResponseCode"));
        }
        stage.warn(format!(
            "Hangup has SipResponseCode {code}; the guide lists 0, 480 and 486 (rule 46)"
        ));
    }
    if !stage.leg().is_some_and(Leg::is_up) {
        return Err(Failure::leg());
    }
    Ok(Performance::HangingUp(HangingUp { code }))
}

#[derive(Debug, Clone)]
pub(crate) struct HangingUp {
    code: u16,
}

impl RunningAction for HangingUp {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        let is_meeting = stage.leg().is_some_and(Leg::is_meeting);
        let is_first = stage.leg().is_some_and(|leg| leg.tag == Tag::A);
        let is_in_meeting = stage.second_leg().is_some_and(Leg::is_meeting);
        let is_only_one = stage.legs_up() < 2;
        stage.close(self.code);
        if is_only_one || is_first && is_in_meeting {
            // Rule 41; and who is in a meeting takes the way into it along.
            stage.close_way_into_meeting();
            stage.announce(self.code);
            return Progress::GoneWithList;
        }
        if is_meeting {
            // Rule 43: the caller leaves the meeting.
            return Progress::done();
        }
        // Rule 42: HANGUP, and before it perhaps a success.
        if stage.service().readings.bridge_hangup_reports {
            return Progress::HungUp(self.code);
        }
        stage.announce(self.code);
        Progress::Gone
    }
}
