//! Long lists in pages.

use serde_json::{Value, json};

use super::ApiError;
use super::request::Request;

/// A page of a list: `MaxResults` items from where `NextToken` says, under this name.
pub(super) fn page(
    request: &Request,
    name: &str,
    items: &[Value],
    most: usize,
) -> Result<Value, ApiError> {
    let wrong = |name: &str, wanted: String| {
        ApiError::BadRequest(format!("{name} is not valid; wanted {wanted}"))
    };
    let size = match request.query("max-results") {
        None => most,
        Some(text) => {
            let size = text.parse().ok().filter(|size| (1..=most).contains(size));
            size.ok_or_else(|| wrong("MaxResults", format!("a number from 1 to {most}")))?
        }
    };
    let from: usize = match request.query("next-token") {
        None => 0,
        Some(token) => {
            let from = token.strip_prefix("from-").and_then(|from| from.parse().ok());
            from.ok_or_else(|| wrong("NextToken", "the token of an earlier page".to_owned()))?
        }
    };
    let shown: Vec<&Value> = items.iter().skip(from).take(size).collect();
    let mut page = json!({ name: shown });
    if from.saturating_add(size) < items.len() {
        page["NextToken"] = json!(format!("from-{}", from + size));
    }
    Ok(page)
}
