//! GetMeeting: one meeting.

use serde_json::{Value, json};

use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "GetMeeting",
    method: "GET",
    path: &["meetings", "*"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    Ok(json!({"Meeting": context.account.meeting(request.name(0))?.meeting}))
}
