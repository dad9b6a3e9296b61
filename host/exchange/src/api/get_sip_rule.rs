//! GetSipRule: one rule.

use serde_json::{Value, json};

use super::account::shown;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "GetSipRule",
    method: "GET",
    path: &["sip-rules", "*"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    Ok(json!({"SipRule": shown(context.account.rule(request.name(0))?)}))
}
