//! RestorePhoneNumber: a number that was given back is had again (rule 69).

use serde_json::{Value, json};

use super::account::{shown, timestamp};
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "RestorePhoneNumber",
    method: "POST",
    path: &["phone-numbers", "*"],
    query: Some(("operation", "restore")),
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let now = timestamp(context.now_ms);
    let number = context.account.number(request.name(0))?;
    if number.deletion_timestamp.as_ref().is_none_or(|until| *until < now) {
        return Err(ApiError::BadRequest(format!(
            "The phone number {} is not being released",
            number.e164
        )));
    }
    number.status = "Unassigned".to_owned();
    (number.deletion_timestamp, number.updated_timestamp) = (None, now);
    Ok(json!({"PhoneNumber": shown(number)}))
}
