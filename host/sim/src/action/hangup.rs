//! Hangup: a leg ends.

use super::{ActionSpec, Failure, Parameters, Part, Progress, Ready, Reports, RunningAction};
use crate::call::Call;
use crate::leg::RemoteEnd;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "Hangup",
    answers: false,
    reports: Reports::Always,
    is_interruptible: false,
    perform,
};

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let code = parameters
        .number("SipResponseCode", 0, 699)
        .map_err(|()| Failure::value_of("SipResponseCode"))?;
    let code = u16::try_from(code.unwrap_or(0)).unwrap_or(0);
    if !matches!(code, 0 | 480 | 486) {
        if !call.world.readings.other_codes {
            return Err(Failure::value_of("SipResponseCode"));
        }
        call.warn(format!(
            "Hangup has SipResponseCode {code}; the guide lists 0, 480 and 486 (rule 46)"
        ));
    }
    if call.legs[part.leg].is_connected == Some(false) {
        return Err(Failure::leg());
    }
    Ok(Box::new(HangingUp { part, code }))
}

#[derive(Debug)]
struct HangingUp {
    part: Part,
    code: u16,
}

impl RunningAction for HangingUp {
    fn begin(&mut self, call: &mut Call) -> Progress {
        let leg = self.part.leg;
        let is_only_one = call.legs.iter().filter(|leg| leg.is_up()).count() < 2;
        let is_meeting = matches!(call.legs[leg].far, RemoteEnd::Meeting(_));
        if is_only_one
            || leg == 0
                && call
                    .legs
                    .iter()
                    .any(|leg| leg.is_up() && matches!(leg.far, RemoteEnd::Meeting(_)))
        {
            // Rule 41; and who is in a meeting takes the way into it along.
            call.list.clear();
            call.end_leg(leg, self.code);
            return Progress::Gone;
        }
        call.close(leg, self.code);
        if is_meeting {
            // Rule 43: the caller leaves the meeting.
            return Progress::done();
        }
        // Rule 42: HANGUP, and before it perhaps a success.
        if call.world.readings.bridge_hangup_reports {
            return Progress::HungUp(self.code);
        }
        call.announce(leg, self.code);
        Progress::Gone
    }
}
