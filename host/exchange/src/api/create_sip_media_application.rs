//! CreateSipMediaApplication: an application with its one function (rule 4).

use serde_json::{Value, json};

use super::account::{Endpoint, SipMediaApplication, shown, timestamp};
use super::body::{endpoint, text};
use super::request::Request;
use super::{ApiError, Context, Operation};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateSipMediaApplication",
    method: "POST",
    path: &["sip-media-applications"],
    query: None,
    status: 201,
    run,
};

fn run(context: &mut Context<'_>, request: &Request) -> Result<Value, ApiError> {
    let (region, name) = (text(&request.body, "AwsRegion"), text(&request.body, "Name"));
    let lambda_arn = endpoint(&request.body, &region)?;
    let (id, now) = (context.account.new_id(), timestamp(context.now_ms));
    let account = &context.account.id;
    let application = SipMediaApplication {
        sip_media_application_arn: format!("arn:aws:chime:{region}:{account}:sma/{id}"),
        sip_media_application_id: id,
        aws_region: region,
        name,
        endpoints: vec![Endpoint { lambda_arn }],
        created_timestamp: now.clone(),
        updated_timestamp: now,
    };
    context.account.applications.push(application.clone());
    Ok(json!({"SipMediaApplication": shown(&application)}))
}
