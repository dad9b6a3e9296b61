//! UpdatePhoneNumber: product, name and calling name of a number.

use serde_json::{Value, json};

use super::account::{shown, timestamp};
use super::body::optional_text;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "UpdatePhoneNumber",
    method: "POST",
    path: &["phone-numbers", "*"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let product = optional_text(&request.body, "ProductType");
    let (name, calling_name) =
        (optional_text(&request.body, "Name"), optional_text(&request.body, "CallingName"));
    let now = timestamp(context.now_ms);
    let number = context.account.number(request.name(0))?;
    if product.as_ref().is_some_and(|product| *product != number.product_type)
        && !number.associations.is_empty()
    {
        return Err(ApiError::Conflict(
            "The product of a number cannot change while a SIP rule is for it".to_owned(),
        ));
    }
    number.product_type = product.unwrap_or_else(|| number.product_type.clone());
    number.name = name.or_else(|| number.name.clone());
    number.calling_name = calling_name.or_else(|| number.calling_name.clone());
    number.updated_timestamp = now;
    Ok(json!({"PhoneNumber": shown(number)}))
}
