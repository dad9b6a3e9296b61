//! UpdateSipMediaApplicationCall: a call in progress gets another event (rules 33 and 34).

use serde_json::{Value, json};

use super::body::texts;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "UpdateSipMediaApplicationCall",
    method: "POST",
    path: &["sip-media-applications", "*", "calls", "*"],
    query: None,
    status: 202,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let (application, call) = (request.name(0).to_owned(), request.name(1));
    context.account.sip_media_application(&application)?;
    let arguments = texts(&request.body, "Arguments");
    if !context.calls.update(&application, call, arguments) {
        return Err(ApiError::missing("call in progress with the id", call));
    }
    Ok(json!({"SipMediaApplicationCall": {"TransactionId": call}}))
}
