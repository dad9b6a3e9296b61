//! ModifyChimeMeetingAttendees: attendees are muted, or heard again.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ActionSpec, Failure, Parameters, Part, Ready, Reports, Takes};
use crate::call::Call;
use crate::leg::RemoteEnd;
use crate::trace::Happened;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "ModifyChimeMeetingAttendees",
    answers: false,
    reports: Reports::Always,
    is_interruptible: false,
    perform,
};

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    check(parameters, call)
        .map_err(|(message, list)| Failure { list: Some(list), ..Failure::parameter(message) })?;
    call.trace.add(call.now, Happened::Does { action: ROLE.name.to_owned(), place: part.place });
    Ok(Box::new(Takes(Duration::from_millis(200))))
}

/// Why not, and which attendees are to blame.
fn check(parameters: &Parameters, call: &Call) -> Result<(), (&'static str, Vec<Value>)> {
    let because = |message| Err((message, Vec::new()));
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
    let Some(other) = call.legs.iter().skip(1).find(|leg| leg.is_up()) else {
        return because("Invalid action on the call.");
    };
    if !matches!(&other.far, RemoteEnd::Meeting(joined) if joined.as_deref().is_none_or(|joined| joined == meeting))
    {
        return because("Call is not connected to Chime Meeting.");
    }
    if let Some(known) = call.world.meetings.get(meeting) {
        let is_in = |attendee: &Value| known.attendees.values().any(|id| json!(id) == *attendee);
        let strangers: Vec<_> = list.iter().filter(|attendee| !is_in(attendee)).cloned().collect();
        if !strangers.is_empty() {
            let message = "One or more attendees are not part of this meeting. All attendees must be part of this meeting.";
            return Err((message, strangers));
        }
    }
    Ok(())
}
