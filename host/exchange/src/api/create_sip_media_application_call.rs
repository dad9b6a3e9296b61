//! CreateSipMediaApplicationCall: a call is made (rules 12 and 14).

use serde_json::{Value, json};

use super::CallOrder;
use super::body::{phone_number, texts};
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateSipMediaApplicationCall",
    method: "POST",
    path: &["sip-media-applications", "*", "calls"],
    query: None,
    status: 201,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let application = request.name(0).to_owned();
    // The operation's model has no error for what is not found.
    let unknown = |error: ApiError| ApiError::BadRequest(error.to_string());
    context.account.sip_media_application(&application).map_err(unknown)?;
    let order = CallOrder {
        application,
        from: phone_number(context, request.body.get("FromPhoneNumber"), "FromPhoneNumber")?,
        to: phone_number(context, request.body.get("ToPhoneNumber"), "ToPhoneNumber")?,
        sip_headers: texts(&request.body, "SipHeaders"),
        arguments: texts(&request.body, "ArgumentsMap"),
    };
    if !context.account.numbers().contains(&order.from) {
        return Err(ApiError::BadRequest(format!(
            "The phone number {} is not in the inventory of the account",
            order.from
        )));
    }
    let id = context.calls.place(order);
    Ok(json!({"SipMediaApplicationCall": {"TransactionId": id}}))
}
