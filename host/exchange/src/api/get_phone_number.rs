//! GetPhoneNumber: one number.

use serde_json::{Value, json};

use super::account::shown;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "GetPhoneNumber",
    method: "GET",
    path: &["phone-numbers", "*"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    Ok(json!({"PhoneNumber": shown(context.account.number(request.name(0))?)}))
}
