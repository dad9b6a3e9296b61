//! DeleteMeeting: a meeting ends.

use serde_json::Value;

use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteMeeting",
    method: "DELETE",
    path: &["meetings", "*"],
    query: None,
    status: 204,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    // One that is gone already is none the worse for it.
    context.account.meetings.retain(|record| record.meeting["MeetingId"] != request.name(0));
    Ok(Value::Null)
}
