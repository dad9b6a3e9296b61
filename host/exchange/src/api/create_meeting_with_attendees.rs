//! CreateMeetingWithAttendees: a meeting, and who may attend it.

use serde_json::Value;

use super::batch_create_attendee::attend_all;
use super::body::list;
use super::create_meeting::meeting;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateMeetingWithAttendees",
    method: "POST",
    path: &["meetings"],
    query: Some(("operation", "create-attendees")),
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let wanted = list(&request.body, "Attendees");
    let id =
        meeting(context, request)?.meeting["MeetingId"].as_str().unwrap_or_default().to_owned();
    let mut made = attend_all(context, &id, wanted)?;
    made["Meeting"] = context.account.meeting(&id)?.meeting.clone();
    Ok(made)
}
