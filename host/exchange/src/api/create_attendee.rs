//! CreateAttendee: somebody may attend a meeting, with a token of their own.

use serde_json::{Map, Value, json};

use super::body::text;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateAttendee",
    method: "POST",
    path: &["meetings", "*", "attendees"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let attendee = attend(context, request.name(0), &request.body)?;
    Ok(json!({"Attendee": attendee}))
}

/// Adds an attendee to a meeting; one with the same external id is the same.
pub(super) fn attend(
    context: &mut Context<'_>,
    meeting: &str,
    wanted: &Map<String, Value>,
) -> Result<Value, ApiError> {
    let external = text(wanted, "ExternalUserId");
    let known = context
        .account
        .meeting(meeting)?
        .attendees
        .iter()
        .find(|one| one["ExternalUserId"] == json!(external));
    if let Some(known) = known {
        return Ok(known.clone());
    }
    let (id, token) = (context.account.new_id(), context.account.new_id());
    let every = json!({"Audio": "SendReceive", "Video": "SendReceive", "Content": "SendReceive"});
    let attendee = json!({
        "ExternalUserId": external, "AttendeeId": id, "JoinToken": format!("join-{token}"),
        "Capabilities": wanted.get("Capabilities").cloned().unwrap_or(every),
    });
    context.account.meeting(meeting)?.attendees.push(attendee.clone());
    Ok(attendee)
}
