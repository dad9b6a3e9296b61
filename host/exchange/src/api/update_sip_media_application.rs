//! UpdateSipMediaApplication: another name, another function.

use serde_json::{Value, json};

use super::account::{Endpoint, shown, timestamp};
use super::body::{endpoint, optional_text};
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "UpdateSipMediaApplication",
    method: "PUT",
    path: &["sip-media-applications", "*"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let now = timestamp(context.now_ms);
    let application = context.account.sip_media_application(request.name(0))?;
    let new_name = optional_text(&request.body, "Name");
    let new_endpoint = request.body.get("Endpoints").filter(|value| !value.is_null());
    let new_endpoint =
        new_endpoint.map(|_| endpoint(&request.body, &application.aws_region)).transpose()?;
    application.name = new_name.unwrap_or_else(|| application.name.clone());
    if let Some(lambda_arn) = new_endpoint {
        application.endpoints = vec![Endpoint { lambda_arn }];
    }
    application.updated_timestamp = now;
    Ok(json!({"SipMediaApplication": shown(application)}))
}
