//! CreatePhoneNumberOrder: numbers are ordered, and are there at once.

use serde_json::{Value, json};

use super::account::{PhoneNumber, timestamp};
use super::body::{list, optional_text, phone_number, text};
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "CreatePhoneNumberOrder",
    method: "POST",
    path: &["phone-number-orders"],
    query: None,
    status: 201,
    run,
};

/// How many numbers one order may have. The model has no word for it.
const MOST: usize = 50;

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let product = text(&request.body, "ProductType");
    let name = optional_text(&request.body, "Name");
    let numbers = list(&request.body, "E164PhoneNumbers");
    if !(1..=MOST).contains(&numbers.len()) {
        return Err(ApiError::BadRequest(format!(
            "E164PhoneNumbers is not valid; wanted 1 to {MOST} numbers"
        )));
    }
    let numbers = numbers.iter();
    let numbers = numbers
        .map(|number| phone_number(context, Some(number), "E164PhoneNumbers"))
        .collect::<Result<Vec<_>, _>>()?;
    let (id, now) = (context.account.new_id(), timestamp(context.now_ms));
    let mut ordered = Vec::new();
    for number in &numbers {
        let is_taken = context.account.numbers.iter().any(|known| known.e164 == *number);
        ordered.push(json!({"E164PhoneNumber": number, "Status": if is_taken { "Failed" } else { "Acquired" }}));
        if !is_taken {
            let is_free = ["800", "833", "844", "855", "866", "877", "888"]
                .iter()
                .any(|free| number.starts_with(&format!("+1{free}")));
            context.account.numbers.push(PhoneNumber {
                phone_number_id: number.clone(),
                e164: number.clone(),
                country: if number.starts_with("+1") { "US" } else { "" }.to_owned(),
                number_type: if is_free { "TollFree" } else { "Local" }.to_owned(),
                product_type: product.clone(),
                status: "Unassigned".to_owned(),
                capabilities: json!({"InboundCall": true, "OutboundCall": true, "InboundSMS": false, "OutboundSMS": false, "InboundMMS": false, "OutboundMMS": false}),
                associations: Vec::new(),
                created_timestamp: now.clone(),
                updated_timestamp: now.clone(),
                deletion_timestamp: None,
                order_id: id.clone(),
                name: name.clone(),
                calling_name: None,
            });
        }
    }
    let failed = ordered.iter().filter(|number| number["Status"] == "Failed").count();
    let status = match failed {
        0 => "Successful",
        all if all == ordered.len() => "Failed",
        _ => "Partial",
    };
    let order = json!({
        "PhoneNumberOrderId": id, "ProductType": product, "Status": status, "OrderType": "New", "OrderedPhoneNumbers": ordered,
        "CreatedTimestamp": now, "UpdatedTimestamp": now,
    });
    context.account.orders.push(order.clone());
    Ok(json!({"PhoneNumberOrder": order}))
}
