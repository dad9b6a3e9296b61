//! DeleteSipRule: a rule goes, if it is off (rule 5).

use serde_json::Value;

use super::account::timestamp;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteSipRule",
    method: "DELETE",
    path: &["sip-rules", "*"],
    query: None,
    status: 204,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let id = request.name(0).to_owned();
    if !context.account.rule(&id)?.disabled {
        let message = format!("The SIP rule {id} is enabled; disable it first");
        if context.is_strict {
            return Err(ApiError::Conflict(message));
        }
        context.warnings.push(format!("{message}; the service refuses to delete it (rule 5)"));
    }
    context.account.rules.retain(|rule| rule.sip_rule_id != id);
    context.account.assign_numbers(&timestamp(context.now_ms));
    Ok(Value::Null)
}
