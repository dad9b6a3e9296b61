//! Patterns of requests: an operation, and behind a space what it is about.

use moonring_exchange::api::operation_names as chime_operations;
use moonring_wire::{hint, nearest};
use serde_json::Value;

/// What servers are asked with.
const HTTP: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
/// What storage is asked for.
const STORAGE: [&str; 4] = ["get", "put", "put_new", "delete"];
/// The services that are told by name.
const SERVICES: [&str; 6] =
    ["http", "storage", "chime", "aws", "chime-sdk-voice", "chime-sdk-meetings"];

/// Whether requests like these go to HTTP servers.
///
/// # Errors
/// When no request is like it, in words.
pub fn is_http(pattern: &str) -> Result<bool, String> {
    let operation = pattern.split(' ').next().unwrap_or_default();
    judge(operation)?;
    match operation.contains(':') {
        true => Ok(operation.starts_with("http:")),
        false => {
            Err("wanted an operation such as http:GET, storage:get or dynamodb:GetItem".to_owned())
        }
    }
}

/// Whether a request in the form of a transcript is as a pattern says: an operation, and behind a
/// space what it is about; `*` stands for any text.
pub fn is_request_like(made: &Value, pattern: &str) -> bool {
    let text = |pointer: &str| made.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let operation = text("/operation");
    let about = ["/input/url", "/input/key", "/input/path"].map(text);
    let about = about.into_iter().find(|about| !about.is_empty()).unwrap_or_default();
    let (pattern, target) = match pattern.split_once(' ') {
        Some((pattern, target)) => (pattern, Some(target.trim())),
        None => (pattern, None),
    };
    is_operation_like(operation, pattern) && target.is_none_or(|target| is_like(about, target))
}

/// Whether an operation is as a pattern says. `chime:` stands for both of its services, and `aws:`
/// for all services of AWS.
fn is_operation_like(operation: &str, pattern: &str) -> bool {
    let Some((service, name)) = operation.split_once(':') else { return false };
    let is_own = matches!(service, "http" | "storage");
    match pattern.split_once(':') {
        Some(("chime", wanted)) => service.starts_with("chime-sdk-") && is_like(name, wanted),
        Some(("aws", wanted)) => !is_own && is_like(name, wanted),
        _ => is_like(operation, pattern),
    }
}

/// Whether there is such an operation, as far as can be known.
fn judge(operation: &str) -> Result<(), String> {
    let Some((service, name)) = operation.split_once(':') else { return Ok(()) };
    if name.contains('*') || service.contains('*') {
        return Ok(());
    }
    let known: &[&str] = match service {
        "http" => &HTTP,
        "storage" => &STORAGE,
        "chime" | "aws" | "chime-sdk-voice" | "chime-sdk-meetings" => &[],
        _ if nearest(service, SERVICES).is_some() || service.starts_with("chime") => {
            return Err(format!("there is no service `{service}`{}", hint(service, SERVICES)));
        }
        _ if name.starts_with(|letter: char| letter.is_ascii_uppercase()) => return Ok(()),
        _ => {
            return Err(format!(
                "operations begin with a capital letter; did you mean `{service}:{}`?",
                capital(name)
            ));
        }
    };
    if known.is_empty() && name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
        let is_chime = service.starts_with("chime");
        return match is_chime && !is_chime_operation(name) {
            true => {
                Err(format!("Chime has no operation `{name}`{}", hint(name, chime_operations())))
            }
            false => Ok(()),
        };
    }
    if known.is_empty() {
        let camel: String = name.split('_').map(capital).collect();
        let near = hint(&camel, chime_operations());
        return Err(format!("operations are written as CreateMeeting is{near}"));
    }
    if known.contains(&name) {
        return Ok(());
    }
    let hint = hint(name, known.iter().copied());
    Err(format!("{service} has no `{name}`; wanted one of {}{hint}", known.join(", ")))
}

fn is_chime_operation(name: &str) -> bool {
    chime_operations().any(|known| known == name)
}

/// A word with a capital letter in front.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Whether something is as a pattern says, in which `*` stands for any text.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}
