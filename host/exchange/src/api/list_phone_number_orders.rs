//! ListPhoneNumberOrders: all orders.

use serde_json::Value;

use super::page::page;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "ListPhoneNumberOrders",
    method: "GET",
    path: &["phone-number-orders"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    page(request, "PhoneNumberOrders", &context.account.orders, 100)
}
