//! ListAttendees: who may attend a meeting.

use serde_json::Value;

use super::page::page;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "ListAttendees",
    method: "GET",
    path: &["meetings", "*", "attendees"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let attendees = context.account.meeting(request.name(0))?.attendees.clone();
    page(request, "Attendees", &attendees, 100)
}
