//! UpdateSipRule: another name, other targets, on or off.

use serde_json::{Value, json};

use super::account::{shown, timestamp};
use super::body::text;
use super::create_sip_rule::{check, targets};
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "UpdateSipRule",
    method: "PUT",
    path: &["sip-rules", "*"],
    query: None,
    status: 202,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let now = timestamp(context.now_ms);
    let mut rule = context.account.rule(request.name(0))?.clone();
    rule.name = text(&request.body, "Name");
    let has_targets = request.body.get("TargetApplications").is_some_and(|list| !list.is_null());
    if has_targets {
        rule.target_applications = targets(context, request)?;
    }
    if let Some(disabled) = request.body.get("Disabled").and_then(Value::as_bool) {
        rule.disabled = disabled;
    }
    rule.updated_timestamp = now;
    if has_targets {
        check(context, &rule)?;
    }
    *context.account.rule(request.name(0))? = rule.clone();
    Ok(json!({"SipRule": shown(&rule)}))
}
