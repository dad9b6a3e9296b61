//! A request as a transcript has it.

use serde_json::{Value, json};

use super::Request;

impl Request {
    /// `operation`, such as `http:GET`, and its `input`.
    pub fn recorded(&self) -> Value {
        let input = match self {
            Self::Aws { input, .. } => input.clone(),
            Self::Signed(request) => {
                json!({"method": request.method, "path": request.path, "query": request.query, "body": request.body})
            }
            Self::Http(request) => {
                json!({"url": request.url, "query": request.query, "body": request.body})
            }
            Self::Storage(request) => json!({"key": request.key, "value": request.value}),
        };
        json!({"operation": self.name(), "input": input})
    }
}
