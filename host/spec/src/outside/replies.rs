//! Canned replies: what other services say in calls that are played here.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::Duration;

use moonring_flow::{Reply, Request};
use moonring_runtime::{error_type_of, too_late};
use moonring_wire::hint;
use serde_json::{Map, Value, json};

use super::patterns::{is_http, is_request_like};

/// What the file holds.
const WANTED: &str = "wanted {\"http:GET https://api.example.com/*\": {\"status\": 200, \"body\": …}, \"dynamodb:GetItem\": [{…}, {\"error\": \"throttled\"}]}";
/// The longest delay, in seconds: no request waits so long.
const LONGEST_DELAY: f64 = 60.0;

/// The words that scripts read in `err.type`.
const TYPES: [&str; 7] =
    ["timeout", "failed", "throttled", "denied", "not_found", "conflict", "invalid"];

/// A file of replies that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {why}")]
pub struct RepliesError {
    path: String,
    why: String,
}

/// Replies by what is asked.
#[derive(Debug, Default)]
pub struct CannedReplies {
    /// The file, as it was named.
    path: String,
    entries: Vec<Entry>,
}

/// The replies to one kind of request.
#[derive(Debug)]
struct Entry {
    /// The operation, and behind a space what it is about; `*` stands for any text.
    pattern: String,
    /// In order; the last stays.
    replies: RefCell<VecDeque<CannedReply>>,
    is_used: Cell<bool>,
}

/// A reply, and how long it takes.
#[derive(Debug, Clone)]
pub struct CannedReply {
    /// What comes back.
    pub reply: Reply,
    /// After how long.
    pub delay: Duration,
}

impl CannedReply {
    /// What a request gets within the time that is left to its event, and how long it takes.
    pub fn within(self, request: &Request, left: Duration) -> Self {
        let Self { reply, delay } = self;
        let own = match request {
            Request::Http(request) => {
                request.timeout.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            }
            _ => None,
        };
        let most = own.map_or(left, |own| own.min(left));
        match delay {
            delay if delay <= most => Self { reply, delay },
            _ if own.is_some_and(|own| own <= left) => {
                let message = format!("there was no reply within {} s", most.as_secs_f64());
                let error_type = "timeout".to_owned();
                Self { reply: Reply::Failed { error_type, message, code: None }, delay: most }
            }
            _ => Self { reply: too_late(), delay: most },
        }
    }
}

impl CannedReplies {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it says something else.
    pub fn parse(path: &str, text: &[u8]) -> Result<Self, RepliesError> {
        let wrong = |why: String| RepliesError { path: path.to_owned(), why };
        let all: Map<String, Value> =
            serde_json::from_slice(text).map_err(|error| wrong(format!("{WANTED}: {error}")))?;
        let mut replies = Self { path: path.to_owned(), entries: Vec::new() };
        for (pattern, value) in all {
            let list = match value {
                Value::Array(list) => list,
                one => vec![one],
            };
            if list.is_empty() {
                return Err(wrong(format!("`{pattern}`: the list is empty")));
            }
            for value in list {
                let added = replies.add(&pattern, value);
                added.map_err(|why| wrong(format!("`{pattern}`: {why}")))?;
            }
        }
        Ok(replies)
    }

    /// One more reply to requests like these, behind those that are there for the same pattern.
    ///
    /// # Errors
    /// When no request is like it, or it is no reply, in words.
    pub fn add(&mut self, pattern: &str, value: Value) -> Result<(), String> {
        let reply = reply(value, is_http(pattern)?)?;
        match self.entries.iter().find(|entry| entry.pattern == pattern) {
            Some(entry) => entry.replies.borrow_mut().push_back(reply),
            None => self.entries.push(Entry {
                pattern: pattern.to_owned(),
                replies: RefCell::new(VecDeque::from([reply])),
                is_used: Cell::new(false),
            }),
        }
        Ok(())
    }

    /// The next reply to a request in the form of a transcript; the first entry that fits counts.
    pub fn next(&self, made: &Value) -> Option<CannedReply> {
        let entry = self.entries.iter().find(|entry| is_request_like(made, &entry.pattern))?;
        entry.is_used.set(true);
        let mut replies = entry.replies.borrow_mut();
        if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() }
    }
}

impl CannedReplies {
    /// The file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The entries that nothing has asked for, most likely misspelt.
    pub fn unused(&self) -> Vec<&str> {
        let unused = self.entries.iter().filter(|entry| !entry.is_used.get());
        unused.map(|entry| entry.pattern.as_str()).collect()
    }
}

/// One reply: `{"error": …}`, a reply over HTTP, `{"output": …}`, or the output itself.
///
/// # Errors
/// When it is none of these, in words.
pub fn reply(value: Value, is_http: bool) -> Result<CannedReply, String> {
    let mut fields = match value {
        Value::Object(fields) => fields,
        text if is_http => {
            return Ok(CannedReply {
                reply: Reply::Done(http(Map::new(), text)),
                delay: Duration::ZERO,
            });
        }
        output => return Ok(CannedReply { reply: Reply::Done(output), delay: Duration::ZERO }),
    };
    let delay = match fields.get("delay").filter(|_| is_own(&fields, is_http)).cloned() {
        None => Duration::ZERO,
        Some(delay) => {
            fields.remove("delay");
            let seconds = delay.as_f64().filter(|seconds| (0.0..=LONGEST_DELAY).contains(seconds));
            let seconds = seconds.ok_or_else(|| {
                format!("delay is {delay}; wanted seconds from 0 to {LONGEST_DELAY}")
            })?;
            Duration::from_secs_f64(seconds)
        }
    };
    let reply = match fields.remove("error") {
        Some(Value::String(word)) => {
            // A code of a service begins with a capital letter.
            let is_code = word.starts_with(|letter: char| letter.is_ascii_uppercase());
            if !is_code && !TYPES.contains(&word.as_str()) {
                let hint = hint(&word, TYPES);
                return Err(format!(
                    "error is `{word}`; wanted one of {}, or the code of a service{hint}",
                    TYPES.join(", ")
                ));
            }
            failed(&word, &word)
        }
        Some(Value::Object(error)) => {
            let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
            let code = if text("code").is_empty() { text("type") } else { text("code") };
            failed(code, text("message"))
        }
        Some(other) => {
            return Err(format!(
                "error is {other}; wanted a word, or {{\"code\": …, \"message\": …}}"
            ));
        }
        None if is_http => {
            let body = fields.remove("body").unwrap_or_else(|| json!(""));
            if let Some(other) =
                fields.keys().find(|key| !matches!(key.as_str(), "status" | "headers"))
            {
                return Err(format!(
                    "unknown key `{other}`; wanted status, headers, body, delay or error"
                ));
            }
            if let Some(status) = fields.get("status") {
                let is_status = status.as_u64().is_some_and(|status| (100..600).contains(&status));
                if !is_status {
                    return Err(format!("status is {status}; wanted a number from 100 to 599"));
                }
            }
            Reply::Done(http(fields, body))
        }
        None => match fields.remove("output") {
            Some(output) => Reply::Done(output),
            None => Reply::Done(Value::Object(fields)),
        },
    };
    Ok(CannedReply { reply, delay })
}

/// Whether `delay` of an object is a word of this file, and not of the output of a service.
fn is_own(fields: &Map<String, Value>, is_http: bool) -> bool {
    let is_word = |key: &String| matches!(key.as_str(), "delay" | "error" | "output");
    is_http || fields.keys().all(is_word)
}

/// A reply over HTTP; a body that is no text is sent as JSON.
fn http(fields: Map<String, Value>, body: Value) -> Value {
    let body = if body.is_string() { body } else { json!(body.to_string()) };
    let part = |name: &str, otherwise: Value| fields.get(name).cloned().unwrap_or(otherwise);
    json!({"status": part("status", json!(200)), "headers": part("headers", json!({})), "body": body})
}

/// The words that scripts read in `err.type` stand for themselves; any other is a service's code.
fn failed(code: &str, message: &str) -> Reply {
    let message = if message.is_empty() { code } else { message }.to_owned();
    match TYPES.iter().find(|known| **known == code) {
        Some(known) => Reply::Failed { error_type: (*known).to_owned(), message, code: None },
        None => Reply::Failed {
            error_type: error_type_of(code).to_owned(),
            message,
            code: Some(code.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replies(text: &str) -> Result<CannedReplies, RepliesError> {
        CannedReplies::parse("replies.json", text.as_bytes())
    }

    #[test]
    fn replies_are_found_by_operation_and_target_and_used_in_order() {
        let canned = replies(
            r#"{"http:GET https://api.example.com/orders/*": [{"body": {"state": "sent"}, "delay": 0.5}, {"error": "timeout"}],
                "http:*": "hello", "storage:get greeting": "Hi", "dynamodb:GetItem": {"Item": {"delay": 3}},
                "dynamodb:PutItem": {"error": {"code": "ThrottlingException", "message": "slow down"}}}"#,
        )
        .unwrap();
        let next = |operation: &str, input: Value| {
            canned.next(&json!({"operation": operation, "input": input}))
        };
        let url = || json!({"url": "https://api.example.com/orders/17"});
        let first = next("http:GET", url()).unwrap();
        assert_eq!(first.delay, Duration::from_millis(500));
        assert_eq!(
            first.reply,
            Reply::Done(json!({"status": 200, "headers": {}, "body": "{\"state\":\"sent\"}"}))
        );
        for _ in 0..2 {
            let Reply::Failed { error_type, .. } = next("http:GET", url()).unwrap().reply else {
                panic!()
            };
            assert_eq!(error_type, "timeout");
        }
        let Reply::Done(other) = next("http:POST", url()).unwrap().reply else { panic!() };
        assert_eq!(other["body"], "hello");
        assert_eq!(
            next("storage:get", json!({"key": "greeting"})).unwrap().reply,
            Reply::Done(json!("Hi"))
        );
        assert!(next("storage:get", json!({"key": "other"})).is_none());
        // A field of a service's own output, which only looks like a word of this file.
        assert_eq!(
            next("dynamodb:GetItem", json!({})).unwrap().reply,
            Reply::Done(json!({"Item": {"delay": 3}}))
        );
        let Reply::Failed { error_type, code, .. } =
            next("dynamodb:PutItem", json!({})).unwrap().reply
        else {
            panic!()
        };
        assert_eq!(
            (error_type.as_str(), code.as_deref()),
            ("throttled", Some("ThrottlingException"))
        );
    }

    #[test]
    fn a_file_that_says_something_else_is_refused_with_what_is_wanted() {
        for (text, wanted) in [
            ("[]", "wanted {\"http:GET"),
            ("{\"GET\": 1}", "`GET`: wanted an operation such as http:GET"),
            ("{\"http:GET\": {\"code\": 200}}", "unknown key `code`; wanted status"),
            ("{\"http:GET\": {\"delay\": -1}}", "delay is -1; wanted seconds"),
            ("{\"http:GET\": []}", "the list is empty"),
            ("{\"http:GTE\": {}}", "http has no `GTE`; wanted one of GET"),
            ("{\"htp:GET\": {}}", "there is no service `htp`; did you mean `http`?"),
            ("{\"dynamodb:getItem\": {}}", "did you mean `dynamodb:GetItem`?"),
            ("{\"http:GET\": {\"error\": \"timeoutt\"}}", "did you mean `timeout`?"),
            (
                "{\"http:GET\": {\"status\": \"200\"}}",
                "status is \"200\"; wanted a number from 100 to 599",
            ),
            ("{\"http:GET\": {\"error\": 5}}", "error is 5; wanted a word"),
        ] {
            let error = format!("{:#}", replies(text).unwrap_err());
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}
