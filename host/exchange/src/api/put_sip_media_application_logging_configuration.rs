//! PutSipMediaApplicationLoggingConfiguration: whether SIP messages are logged (rule 56).

use serde_json::{Value, json};

use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "PutSipMediaApplicationLoggingConfiguration",
    method: "PUT",
    path: &["sip-media-applications", "*", "logging-configuration"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let id = request.name(0).to_owned();
    context.account.sip_media_application(&id)?;
    let configuration = request.body.get("SipMediaApplicationLoggingConfiguration");
    let logs = configuration
        .and_then(|found| found.get("EnableSipMediaApplicationMessageLogs"))
        .and_then(Value::as_bool);
    match logs.unwrap_or(false) {
        true => context.account.logging.insert(id),
        false => context.account.logging.remove(&id),
    };
    let shown = json!({"EnableSipMediaApplicationMessageLogs": logs.unwrap_or(false)});
    Ok(json!({"SipMediaApplicationLoggingConfiguration": shown}))
}
