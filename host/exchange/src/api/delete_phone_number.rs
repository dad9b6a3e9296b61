//! DeletePhoneNumber: a number is given back; for seven days it can be had again (rule 69).

use serde_json::Value;

use super::account::timestamp;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "DeletePhoneNumber",
    method: "DELETE",
    path: &["phone-numbers", "*"],
    query: None,
    status: 204,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let (now, until) = (timestamp(context.now_ms), timestamp(context.now_ms + 7 * 86_400_000));
    let number = context.account.number(request.name(0))?;
    if !number.associations.is_empty() {
        return Err(ApiError::BadRequest(format!(
            "The phone number {} is assigned to a SIP rule",
            number.e164
        )));
    }
    if number.deletion_timestamp.is_some() {
        return Err(ApiError::BadRequest(format!(
            "The phone number {} is already being released",
            number.e164
        )));
    }
    number.status = "ReleaseInProgress".to_owned();
    (number.deletion_timestamp, number.updated_timestamp) = (Some(until), now);
    Ok(Value::Null)
}
