//! BatchCreateAttendee: many may attend a meeting.

use serde_json::{Map, Value, json};

use super::body::list;
use super::create_attendee::attend;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "BatchCreateAttendee",
    method: "POST",
    path: &["meetings", "*", "attendees"],
    query: Some(("operation", "batch-create")),
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let wanted = list(&request.body, "Attendees");
    context.account.meeting(request.name(0))?;
    attend_all(context, request.name(0), wanted)
}

/// Adds attendees. None is refused by itself here: there is no limit to them.
pub(super) fn attend_all(
    context: &mut Context<'_>,
    meeting: &str,
    wanted: &[Value],
) -> Result<Value, ApiError> {
    let none = Map::new();
    let attendees =
        wanted.iter().map(|one| attend(context, meeting, one.as_object().unwrap_or(&none)));
    let attendees = attendees.collect::<Result<Vec<_>, _>>()?;
    Ok(json!({"Attendees": attendees, "Errors": []}))
}
