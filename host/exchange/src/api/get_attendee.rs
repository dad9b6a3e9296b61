//! GetAttendee: one attendee.

use serde_json::{Value, json};

use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "GetAttendee",
    method: "GET",
    path: &["meetings", "*", "attendees", "*"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let id = request.name(1);
    let found = context
        .account
        .meeting(request.name(0))?
        .attendees
        .iter()
        .find(|one| one["AttendeeId"] == json!(id));
    Ok(json!({"Attendee": found.ok_or_else(|| ApiError::missing("attendee", id))?}))
}
