//! Values of a body, held against what the service's model says of them.

use fancy_regex::Regex;
use serde_json::{Map, Value};

use super::ApiError;

fn wrong(name: &str, wanted: &str) -> ApiError {
    ApiError::BadRequest(format!("{name} is wrong or missing; wanted {wanted}"))
}

/// A text of so many characters.
pub(super) fn text(body: &Map<String, Value>, name: &str, min: usize, max: usize) -> Result<String, ApiError> {
    let text = body.get(name).and_then(Value::as_str).filter(|text| (min..=max).contains(&text.chars().count()));
    text.map(str::to_owned).ok_or_else(|| wrong(name, &format!("a text of {min} to {max} characters")))
}

/// A text that may be left out.
pub(super) fn optional_text(body: &Map<String, Value>, name: &str, max: usize) -> Result<Option<String>, ApiError> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => text(body, name, 0, max).map(Some),
    }
}

/// One of some words.
pub(super) fn word(body: &Map<String, Value>, name: &str, words: &[&str]) -> Result<String, ApiError> {
    let found = body.get(name).and_then(Value::as_str).filter(|word| words.contains(word));
    found.map(str::to_owned).ok_or_else(|| wrong(name, &words.join(" or ")))
}

/// The name of an application or a rule.
pub(super) fn name(body: &Map<String, Value>) -> Result<String, ApiError> {
    let name = text(body, "Name", 1, 256)?;
    let is_plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || " _.-".contains(letter));
    if is_plain { Ok(name) } else { Err(wrong("Name", "letters, digits, spaces and _ . -")) }
}

/// A telephone number. The service takes it without its plus too.
pub(super) fn phone_number(value: Option<&Value>, name: &str) -> Result<String, ApiError> {
    let number = value.and_then(Value::as_str).unwrap_or_default();
    let number = if number.starts_with('+') { number.to_owned() } else { format!("+{number}") };
    if crate::is_phone_number(&number) { Ok(number) } else { Err(wrong(name, "a number in E.164")) }
}

/// A list of so many items.
pub(super) fn list<'a>(
    body: &'a Map<String, Value>,
    name: &str,
    min: usize,
    max: usize,
) -> Result<&'a [Value], ApiError> {
    let list = body.get(name).and_then(Value::as_array).filter(|list| (min..=max).contains(&list.len()));
    list.map(Vec::as_slice).ok_or_else(|| wrong(name, &format!("a list of {min} to {max} items")))
}

/// A map of at most so many texts; empty where it is left out.
pub(super) fn texts(body: &Map<String, Value>, name: &str, max: usize) -> Result<Map<String, Value>, ApiError> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) if map.len() <= max && map.values().all(Value::is_string) => Ok(map.clone()),
        Some(_) => Err(wrong(name, &format!("at most {max} pairs of texts"))),
    }
}

/// The one endpoint of an application: the ARN of its function.
pub(super) fn endpoint(body: &Map<String, Value>, region: &str) -> Result<String, ApiError> {
    const ARN: &str = r"^arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-[0-9]:[0-9]{12}:function:[a-zA-Z0-9_-]+(:(\$LATEST|[a-zA-Z0-9_-]+))?$";
    let arn = list(body, "Endpoints", 1, 1)?.first().and_then(|endpoint| endpoint.get("LambdaArn"));
    let arn = arn.and_then(Value::as_str).unwrap_or_default();
    let is_arn = Regex::new(ARN).is_ok_and(|pattern| pattern.is_match(arn).unwrap_or(false));
    if !is_arn {
        return Err(wrong("Endpoints[0].LambdaArn", "the ARN of a Lambda function"));
    }
    // Rule 4: in the application's own Region.
    if arn.split(':').nth(3) != Some(region) {
        return Err(ApiError::BadRequest(format!("The function {arn} is not in {region}, where the application is")));
    }
    Ok(arn.to_owned())
}
