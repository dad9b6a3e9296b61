//! GetPhoneNumberOrder: what became of an order.

use serde_json::{Value, json};

use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "GetPhoneNumberOrder",
    method: "GET",
    path: &["phone-number-orders", "*"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let id = request.name(0);
    let found = context.account.orders.iter().find(|order| order["PhoneNumberOrderId"] == id);
    Ok(
        json!({"PhoneNumberOrder": found.ok_or_else(|| ApiError::missing("phone number order", id))?}),
    )
}
