//! JoinChimeMeeting: the caller enters a meeting, over a second leg.

use std::time::Duration;

use super::{ActionSpec, Failure, Parameters, Part, Progress, Ready, Reports, RunningAction};
use crate::call::{Call, Numbers};
use crate::leg::{RemoteEnd, Tag};
use crate::person::Person;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "JoinChimeMeeting",
    answers: true,
    reports: Reports::Always,
    is_interruptible: false,
    perform,
};

/// The number of every meeting, and what stands for the application (rule 39).
const NUMBERS: (&str, &str) = ("+17035550122", "SMA");
/// How long it takes.
const JOINING: Duration = Duration::from_millis(500);

fn perform(parameters: &mut Parameters, _: Part, call: &mut Call) -> Ready {
    let token =
        parameters.text("JoinToken").filter(|token| (2..=2048).contains(&token.chars().count()));
    let token = token.ok_or_else(|| Failure::value_of("JoinToken"))?;
    let meeting = parameters.text("MeetingId").map(str::to_owned);
    // Rule 47: not on a bridged call, and not twice.
    if !call.has_room() {
        return Err(Failure::parameter("Invalid action on the call."));
    }
    match &meeting {
        Some(id) => {
            if call
                .world
                .meetings
                .get(id)
                .is_some_and(|meeting| !meeting.attendees.contains_key(token))
            {
                let error = "ErrorJoiningMeeting: Error while joining meeting.".to_owned();
                return Err(Failure { error: Some(error), ..Failure::system() });
            }
        }
        None => call.warn(
            "JoinChimeMeeting has no MeetingId, which meetings of the chime-sdk-meetings API need",
        ),
    }
    Ok(Box::new(Joining { meeting }))
}

#[derive(Debug)]
struct Joining {
    meeting: Option<String>,
}

impl RunningAction for Joining {
    fn begin(&mut self, call: &mut Call) -> Progress {
        Progress::Until(call.now() + JOINING)
    }

    fn due(&mut self, call: &mut Call) -> Progress {
        call.drop_second_leg();
        let (meeting, own) = NUMBERS;
        let numbers = match call.world.readings.meeting_leg_swapped {
            true => Numbers { from: meeting.to_owned(), to: own.to_owned() },
            false => Numbers { from: own.to_owned(), to: meeting.to_owned() },
        };
        let far = RemoteEnd::Meeting(self.meeting.clone());
        let leg =
            call.add_leg(Tag::B, numbers, false, far, Person::quiet(), serde_json::Map::new());
        call.connect(leg);
        Progress::done()
    }
}
