//! GetSipMediaApplication: one application.

use serde_json::{Value, json};

use super::account::shown;
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "GetSipMediaApplication",
    method: "GET",
    path: &["sip-media-applications", "*"],
    query: None,
    status: 200,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    Ok(
        json!({"SipMediaApplication": shown(context.account.sip_media_application(request.name(0))?)}),
    )
}
