//! A request as a transcript has it.

use moonring_flow::Request;
use serde_json::{Value, json};

/// A request as a transcript has it: `operation`, such as `http:GET`, and its `input`.
pub fn recorded_request(request: &Request) -> Value {
    let input = match request {
        Request::Aws { input, .. } => input.clone(),
        Request::Signed(request) => {
            json!({"method": request.method, "path": request.path, "query": request.query, "body": request.body})
        }
        Request::Http(request) => {
            json!({"url": request.url, "query": request.query, "body": request.body})
        }
        Request::Storage(request) => json!({"key": request.key, "value": request.value}),
    };
    json!({"operation": request.name(), "input": input})
}
