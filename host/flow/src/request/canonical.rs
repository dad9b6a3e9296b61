//! What a request says, as one text that never changes: what claims and tokens are made from.
//!
//! Hosts of two versions answer one call while one replaces the other. They must name the same
//! request alike, or it is made twice: so the text depends on no name of a field in this program,
//! on no order of keys, and begins with its version.

use serde_json::{Value, json};

use super::{HttpRequest, Request, SignedRequest, StorageRequest};

/// The version of the encoding. Another one names every request anew.
const VERSION: &str = "1";

impl Request {
    /// The request as JSON, keys in the order of their bytes, without spaces.
    pub fn canonical(&self) -> String {
        let parts = match self {
            Self::Aws { service, operation, input, version } => {
                json!([VERSION, "aws", service, operation, version, canonical_json(input)])
            }
            Self::Signed(SignedRequest {
                service,
                operation,
                method,
                path,
                query,
                headers,
                body,
                signing_name,
            }) => {
                let body = body.as_ref().map(canonical_json);
                json!([
                    VERSION,
                    "signed",
                    service,
                    operation,
                    method,
                    path,
                    query,
                    headers,
                    body,
                    signing_name
                ])
            }
            Self::Http(HttpRequest { method, url, query, headers, body, timeout, max_bytes }) => {
                let body = body.as_ref().map(canonical_json);
                json!([VERSION, "http", method, url, query, headers, body, timeout, max_bytes])
            }
            Self::Storage(StorageRequest { operation, key, value }) => {
                json!([
                    VERSION,
                    "storage",
                    operation.word(),
                    key,
                    value.as_ref().map(canonical_json)
                ])
            }
        };
        parts.to_string()
    }
}

/// A value with the keys of its objects in the order of their bytes.
pub fn canonical_json(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(canonical_json).collect(),
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by(|one, other| one.0.cmp(other.0));
            Value::Object(
                sorted
                    .into_iter()
                    .map(|(key, value)| (key.clone(), canonical_json(value)))
                    .collect(),
            )
        }
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::StorageOperation;
    use super::*;

    #[test]
    fn a_request_is_written_as_it_was_in_every_version() {
        let pairs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let text = str::to_owned;
        for (request, written) in [
            (
                Request::Aws {
                    service: text("dynamodb"),
                    operation: text("PutItem"),
                    input: json!({"b": 1, "a": {"d": [true, null, 2.5], "c": "ü\n"}}),
                    version: None,
                },
                r#"["1","aws","dynamodb","PutItem",null,{"a":{"c":"ü\n","d":[true,null,2.5]},"b":1}]"#,
            ),
            (
                Request::Signed(SignedRequest {
                    service: text("lambda"),
                    operation: text("Invoke"),
                    method: text("POST"),
                    path: text("/a"),
                    query: pairs(&[("q", "1")]),
                    headers: pairs(&[("x-b", "2"), ("x-a", "1")]),
                    body: Some(json!({"z": 1, "y": 2})),
                    signing_name: Some(text("lambda")),
                }),
                r#"["1","signed","lambda","Invoke","POST","/a",{"q":"1"},{"x-a":"1","x-b":"2"},{"y":2,"z":1},"lambda"]"#,
            ),
            (
                Request::Http(HttpRequest {
                    method: text("POST"),
                    url: text("https://example.com/"),
                    query: BTreeMap::new(),
                    headers: BTreeMap::new(),
                    body: Some(json!("plain")),
                    timeout: Some(2.0),
                    max_bytes: Some(100),
                }),
                r#"["1","http","POST","https://example.com/",{},{},"plain",2.0,100]"#,
            ),
            (
                Request::Storage(StorageRequest {
                    operation: StorageOperation::Put,
                    key: text("callers/5"),
                    value: Some(json!({"b": 1, "a": 2})),
                }),
                r#"["1","storage","put","callers/5",{"a":2,"b":1}]"#,
            ),
        ] {
            assert_eq!(request.canonical(), written);
        }
    }
}
