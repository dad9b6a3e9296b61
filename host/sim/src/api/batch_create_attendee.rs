//! BatchCreateAttendee: many may attend a meeting.

use serde_json::{Value, json};

use super::body::list;
use super::create_attendee::attend;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    method: "POST",
    path: &["meetings", "*", "attendees"],
    query: Some(("operation", "batch-create")),
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let wanted = list(&request.body, "Attendees", 1, 100)?;
    context.account.meeting(request.name(0))?;
    let (attendees, errors) = attend_all(context, request.name(0), wanted)?;
    Ok(json!({"Attendees": attendees, "Errors": errors}))
}

/// Adds attendees; those that cannot be are told one by one.
pub(super) fn attend_all(
    context: &mut Context<'_>,
    meeting: &str,
    wanted: &[Value],
) -> Result<(Vec<Value>, Vec<Value>), ApiError> {
    let (mut attendees, mut errors) = (Vec::new(), Vec::new());
    for one in wanted {
        let fields = one.as_object().cloned().unwrap_or_default();
        match attend(context, meeting, &fields) {
            Ok(attendee) => attendees.push(attendee),
            Err(error @ ApiError::NotFound(_)) => return Err(error),
            Err(error) => errors.push(json!({
                "ExternalUserId": fields.get("ExternalUserId"), "ErrorCode": error.code(), "ErrorMessage": error.to_string(),
            })),
        }
    }
    Ok((attendees, errors))
}
