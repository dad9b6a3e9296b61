//! ListPhoneNumbers: the numbers of the account, all or some.

use serde_json::Value;

use super::account::{PhoneNumber, shown};
use super::page::page;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "ListPhoneNumbers",
    method: "GET",
    path: &["phone-numbers"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let is = |name: &str, found: &str| request.query(name).is_none_or(|wanted| wanted == found);
    let is_associated = |number: &&PhoneNumber| {
        let (Some(name), Some(value)) =
            (request.query("filter-name"), request.query("filter-value"))
        else {
            return true;
        };
        number
            .associations
            .iter()
            .any(|association| association["Name"] == name && association["Value"] == value)
    };
    let numbers = context.account.numbers.iter();
    let numbers = numbers
        .filter(|number| is("status", &number.status) && is("product-type", &number.product_type));
    let numbers: Vec<Value> = numbers.filter(is_associated).map(shown).collect();
    page(request, "PhoneNumbers", &numbers, 100)
}
