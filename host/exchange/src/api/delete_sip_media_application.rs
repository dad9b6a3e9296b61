//! DeleteSipMediaApplication: an application goes, unless a rule leads to it.

use serde_json::Value;

use super::account::Rule;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteSipMediaApplication",
    method: "DELETE",
    path: &["sip-media-applications", "*"],
    query: None,
    status: 204,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let id = request.name(0).to_owned();
    context.account.sip_media_application(&id)?;
    let leads = |rule: &&Rule| {
        rule.target_applications.iter().any(|target| target.sip_media_application_id == id)
    };
    if let Some(rule) = context.account.rules.iter().find(leads) {
        let message = format!(
            "The SIP media application {id} is a target of the SIP rule {}",
            rule.sip_rule_id
        );
        if context.is_strict {
            return Err(ApiError::Conflict(message));
        }
        context.warnings.push(format!("{message}; the service refuses to delete it"));
    }
    context.account.applications.retain(|known| known.sip_media_application_id != id);
    context.account.logging.remove(&id);
    Ok(Value::Null)
}
