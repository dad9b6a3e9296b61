//! ModifyChimeMeetingAttendees: attendees are muted, or heard again.

use serde_json::{Value, json};

use super::{ActionSpec, Failure, Parameters, Performance, Progress, Ready, Reports};
use super::{RunningAction, Stage};
use crate::leg::RemoteEnd;

pub(super) const SPEC: ActionSpec = ActionSpec {
    name: "ModifyChimeMeetingAttendees",
    answers: false,
    reports: Reports::Always,
    is_interruptible: false,
    prepare,
};

fn prepare(parameters: &mut Parameters, stage: &mut Stage<'_>) -> Ready {
    check(parameters, stage)
        .map_err(|refused| Failure::parameter(refused.message).with_list(refused.attendees))?;
    let list = parameters.0.get("AttendeeList").and_then(Value::as_array);
    let attendees = list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    Ok(Performance::Modifying(Modifying {
        meeting: parameters.text("MeetingId").unwrap_or_default().to_owned(),
        attendees: attendees.collect(),
        is_muted: parameters.text("Operation") == Some("Mute"),
    }))
}

#[derive(Debug, Clone)]
pub(crate) struct Modifying {
    meeting: String,
    attendees: Vec<String>,
    is_muted: bool,
}

impl RunningAction for Modifying {
    fn begin(&mut self, stage: &mut Stage<'_>) -> Progress {
        stage.note_done(SPEC.name);
        let attendees = std::mem::take(&mut self.attendees);
        stage.mute(std::mem::take(&mut self.meeting), attendees, self.is_muted);
        Progress::Waits
    }
}

/// Why not, and which attendees are to blame.
struct Refused {
    message: &'static str,
    attendees: Vec<Value>,
}

fn check(parameters: &Parameters, stage: &Stage<'_>) -> Result<(), Refused> {
    let because = |message| Err(Refused { message, attendees: Vec::new() });
    if !parameters
        .text("Operation")
        .is_some_and(|operation| ["Mute", "Unmute"].contains(&operation))
    {
        return because("The ModifyChimeMeetingAttendees Operation parameter value is invalid");
    }
    let Some(meeting) = parameters.text("MeetingId") else {
        return because("Meeting ID parameter value is invalid.");
    };
    let list = parameters.0.get("AttendeeList").and_then(Value::as_array);
    let Some(list) =
        list.filter(|list| (1..=100).contains(&list.len()) && list.iter().all(Value::is_string))
    else {
        return because("Attendee List parameter value is invalid.");
    };
    let Some(other) = stage.second_leg() else {
        return because("Invalid action on the call.");
    };
    if !matches!(&other.far, RemoteEnd::Meeting(joined) if joined.as_deref().is_none_or(|joined| joined == meeting))
    {
        return because("Call is not connected to Chime Meeting.");
    }
    if let Some(known) = stage.service().meetings.get(meeting) {
        let is_in = |attendee: &Value| known.attendees.values().any(|id| json!(id) == *attendee);
        let strangers: Vec<_> = list.iter().filter(|attendee| !is_in(attendee)).cloned().collect();
        if !strangers.is_empty() {
            let message = "One or more attendees are not part of this meeting. All attendees must be part of this meeting.";
            return Err(Refused { message, attendees: strangers });
        }
    }
    Ok(())
}
