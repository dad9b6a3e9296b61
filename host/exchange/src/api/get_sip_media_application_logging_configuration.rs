//! GetSipMediaApplicationLoggingConfiguration: whether SIP messages are logged (rule 56).

use serde_json::{Value, json};

use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "GetSipMediaApplicationLoggingConfiguration",
    method: "GET",
    path: &["sip-media-applications", "*", "logging-configuration"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let id = request.name(0);
    context.account.sip_media_application(id)?;
    let shown =
        json!({"EnableSipMediaApplicationMessageLogs": context.account.logging.contains(id)});
    Ok(json!({"SipMediaApplicationLoggingConfiguration": shown}))
}
