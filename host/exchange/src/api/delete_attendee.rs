//! DeleteAttendee: somebody may attend a meeting no more.

use serde_json::{Value, json};

use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteAttendee",
    method: "DELETE",
    path: &["meetings", "*", "attendees", "*"],
    query: None,
    status: 204,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let id = request.name(1);
    let meeting = context.account.meeting(request.name(0))?;
    let before = meeting.attendees.len();
    meeting.attendees.retain(|one| one["AttendeeId"] != json!(id));
    if meeting.attendees.len() == before {
        Err(ApiError::missing("attendee", id))
    } else {
        Ok(Value::Null)
    }
}
