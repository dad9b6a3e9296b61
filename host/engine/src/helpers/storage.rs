//! `storage.*`: texts and tables under the keys of one place that the settings name.

use moonring_flow::is_storage_key;
use serde_json::{Value, json};

use crate::convert::Unsayable;

/// The most bytes of a value.
const VALUE: usize = 1024 * 1024;

/// The request for an operation: `get`, `put`, `put_new` or `delete`.
pub(crate) fn request(
    operation: &str,
    key: &str,
    value: Option<Value>,
) -> Result<Value, Unsayable> {
    let what = format!("storage.{operation}");
    let refuse = |text: String| Err(Unsayable::Unusable(format!("{what}: {text}")));
    if !is_storage_key(key) {
        return refuse(format!(
            "the key is {key:?}; wanted 1 to 500 characters, such as \"callers/5\", without empty, `.` or `..` parts between slashes"
        ));
    }
    let bytes = match &value {
        Some(Value::String(text)) => text.len(),
        Some(value) => value.to_string().len(),
        None => 0,
    };
    if bytes > VALUE {
        return refuse(format!("the value has {bytes} bytes; the limit is {VALUE}"));
    }
    let mut request = json!({"kind": "storage", "operation": operation, "key": key});
    if let Some(value) = value {
        request["value"] = value;
    }
    Ok(request)
}
