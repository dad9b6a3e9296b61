//! Values of a body, once the model has been asked (model.rs).

use serde_json::{Map, Value};

use super::{ApiError, Context};

/// A text; empty where it is left out.
pub(super) fn text(body: &Map<String, Value>, name: &str) -> String {
    optional_text(body, name).unwrap_or_default()
}

/// A text that may be left out.
pub(super) fn optional_text(body: &Map<String, Value>, name: &str) -> Option<String> {
    body.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// A telephone number. The service takes it without its plus too.
pub(super) fn phone_number(
    context: &Context<'_>,
    value: Option<&Value>,
    name: &str,
) -> Result<String, ApiError> {
    let wrong = |why: &str| {
        ApiError::BadRequest(format!("{name} is not valid; wanted a number in E.164{why}"))
    };
    let number = value.and_then(Value::as_str).unwrap_or_default();
    let number = if number.starts_with('+') { number.to_owned() } else { format!("+{number}") };
    if !crate::is_phone_number(&number) {
        return Err(wrong(""));
    }
    context.calls.check_number(&number).map_err(|why| wrong(&format!(": {why}")))?;
    Ok(number)
}

/// A list; empty where it is left out.
pub(super) fn list<'a>(body: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A map of texts; empty where it is left out.
pub(super) fn texts(body: &Map<String, Value>, name: &str) -> Map<String, Value> {
    body.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The one endpoint of an application: the ARN of its function.
pub(super) fn endpoint(body: &Map<String, Value>, region: &str) -> Result<String, ApiError> {
    let arn = list(body, "Endpoints").first().and_then(|endpoint| endpoint.get("LambdaArn"));
    let arn = arn.and_then(Value::as_str).unwrap_or_default();
    // Rule 4: in the application's own Region.
    if arn.split(':').nth(3) != Some(region) {
        return Err(ApiError::BadRequest(format!(
            "The function {arn} is not in {region}, the Region of the SIP media application"
        )));
    }
    Ok(arn.to_owned())
}
