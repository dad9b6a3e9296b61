//! What a script asked of other services, as lines of the story.

use serde_json::Value;

/// The longest text of a reply or of an address in a line.
const LONGEST: usize = 120;

/// One request of a transcript and its reply: `asks GET https://… → 200 in 0.1 s  (main.lua:9)`.
pub(super) fn request_words(call: &Value) -> String {
    let text = |pointer: &str| call.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let operation = text("/operation");
    let asked = match operation.split_once(':') {
        Some(("http", method)) => format!("{method} {}", text("/input/url")),
        Some(("storage", what)) => format!("storage to {what} {}", text("/input/key")),
        _ => operation.to_owned(),
    };
    let replied = match call.get("error") {
        Some(error) => {
            let part = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
            let (code, message) = (part("code"), part("message"));
            let gap = if code.is_empty() || message.is_empty() { "" } else { ": " };
            format!("{code}{gap}{message}")
        }
        None => match call.get("output") {
            Some(output) if operation.starts_with("http:") => {
                output.get("status").map_or_else(|| "done".to_owned(), Value::to_string)
            }
            Some(Value::Null) if operation == "storage:get" => "nothing".to_owned(),
            Some(output) if operation == "storage:get" => output.to_string(),
            _ => "done".to_owned(),
        },
    };
    let took = call.get("took_ms").and_then(Value::as_u64).unwrap_or(0);
    // To the tenth, and what takes less is not worth a word.
    let took = match took {
        0..50 => String::new(),
        ms => {
            let tenths = (ms + 50) / 100;
            format!(" in {}.{} s", tenths / 10, tenths % 10)
        }
    };
    format!("asks {} → {}{took}", short(&asked), short(&replied))
}

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_are_told_with_their_replies() {
        let told = |call: Value| request_words(&call);
        let http = json!({"operation": "http:GET", "input": {"url": "https://api.example.com/1"}, "output": {"status": 200}, "took_ms": 120});
        assert_eq!(told(http), "asks GET https://api.example.com/1 → 200 in 0.1 s");
        let stored = json!({"operation": "storage:get", "input": {"key": "a"}, "output": null});
        assert_eq!(told(stored), "asks storage to get a → nothing");
        let failed =
            json!({"operation": "dynamodb:GetItem", "error": {"code": "X", "message": "no"}});
        assert_eq!(told(failed), "asks dynamodb:GetItem → X: no");
        let plain = json!({"operation": "dynamodb:PutItem", "output": {}});
        assert_eq!(told(plain), "asks dynamodb:PutItem → done");
    }
}
