//! JoinChimeMeeting: the caller enters a meeting, over a second leg.

use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};
use crate::leg::{LegNumber, Numbers};
use crate::ticket::Ticket;

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "JoinChimeMeeting",
    answers: true,
    reports: Reports::Always,
    is_interruptible: false,
    prepare,
};

/// The number of every meeting (rule 39).
const MEETING: &str = "+17035550122";
/// What stands for the application (rule 39).
const APPLICATION: &str = "SMA";

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    let token =
        parameters.text("JoinToken").filter(|token| (2..=2048).contains(&token.chars().count()));
    let token = token.ok_or_else(|| Failure::value_of("JoinToken"))?.to_owned();
    let meeting = parameters.text("MeetingId").map(str::to_owned);
    // Rule 47: not on a bridged call, and not twice.
    if !stage.has_room() {
        return Err(Failure::parameter("Invalid action on the call."));
    }
    match &meeting {
        Some(id) => {
            let known = stage.service().meetings.get(id);
            if known.is_some_and(|meeting| !meeting.attendees.contains_key(&token)) {
                let error = "ErrorJoiningMeeting: Error while joining meeting.";
                return Err(Failure::system().with_error(error));
            }
        }
        None => stage.warn(
            "JoinChimeMeeting has no MeetingId, which meetings of the chime-sdk-meetings API need",
        ),
    }
    Ok(Performance::Joining(Joining { meeting, token, way: None }))
}

#[derive(Debug, Clone)]
pub(crate) struct Joining {
    meeting: Option<String>,
    token: String,
    /// The leg that is the way into the meeting.
    way: Option<LegNumber>,
}

impl RunningAction for Joining {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        self.way = Some(stage.join(self.meeting.clone(), std::mem::take(&mut self.token)));
        Progress::Waits
    }

    fn ended(&mut self, stage: &mut Stage<'_>, _: Ticket) -> Progress {
        stage.drop_second_leg();
        let (meeting, own) = (MEETING.to_owned(), APPLICATION.to_owned());
        let numbers = match stage.service().readings.meeting_leg_swapped {
            true => Numbers { from: meeting, to: own },
            false => Numbers { from: own, to: meeting },
        };
        if let Some(way) = self.way {
            stage.enter_meeting(way, numbers, self.meeting.take());
        }
        Progress::done()
    }
}
