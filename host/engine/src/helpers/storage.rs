//! `storage.*`: texts and tables under the keys of one place that the settings name.

use serde_json::{Value, json};

use crate::convert::Unsayable;

/// The most characters of a key.
const KEY: usize = 500;
/// The most bytes of a value.
const VALUE: usize = 1024 * 1024;

/// The request for an operation: `get`, `put` or `delete`.
pub(super) fn request(operation: &str, key: &str, value: Option<Value>) -> Result<Value, Unsayable> {
    let what = format!("storage.{operation}");
    let refuse = |text: String| Err(Unsayable::Refused(format!("{what}: {text}")));
    let is_part = |part: &str| !part.is_empty() && part != "." && part != "..";
    if key.is_empty() || key.chars().count() > KEY || !key.split('/').all(is_part) || key.chars().any(char::is_control)
    {
        return refuse(format!(
            "the key is {key:?}; wanted 1 to {KEY} characters, such as \"callers/5\", without empty parts, `.` and `..` between slashes"
        ));
    }
    let bytes = match &value {
        Some(Value::String(text)) => text.len(),
        Some(value) => value.to_string().len(),
        None => 0,
    };
    if bytes > VALUE {
        return refuse(format!("the value has {bytes} bytes; the most is {VALUE}"));
    }
    let mut request = json!({"kind": "storage", "operation": operation, "key": key});
    if let Some(value) = value {
        request["value"] = value;
    }
    Ok(request)
}
