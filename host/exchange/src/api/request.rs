//! A request, taken apart: path, query and body.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{ApiError, HttpRequest, Operation};

/// A request that can be read.
#[derive(Debug)]
pub(super) struct Request {
    /// Method and path, for messages.
    pub(super) line: String,
    method: String,
    path: Vec<String>,
    query: BTreeMap<String, String>,
    pub(super) body: Map<String, Value>,
    /// What stands in the path where the operation takes any.
    names: Vec<String>,
}

impl Request {
    pub(super) fn read(request: HttpRequest<'_>) -> Result<Self, ApiError> {
        let (path, query) = request.target.split_once('?').unwrap_or((request.target, ""));
        let line = format!("{} {path}", request.method);
        let path = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(decoded)
            .collect::<Option<Vec<_>>>();
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(&value.replace('+', " "))?))
        });
        let unreadable = || ApiError::BadRequest(format!("{line} cannot be read"));
        let (path, query) =
            (path.ok_or_else(unreadable)?, pairs.collect::<Option<_>>().ok_or_else(unreadable)?);
        let body = match request.body {
            [] => Map::new(),
            bytes => match serde_json::from_slice(bytes) {
                Ok(Value::Object(body)) => body,
                Ok(_) => {
                    return Err(ApiError::BadRequest("The body is not a JSON object".to_owned()));
                }
                Err(error) => {
                    return Err(ApiError::BadRequest(format!("The body is not JSON: {error}")));
                }
            },
        };
        Ok(Self { line, method: request.method.to_owned(), path, query, body, names: Vec::new() })
    }

    /// The request of an operation: members of its input that stand in the path, in the query, and
    /// in the body.
    pub(super) fn of(
        operation: &Operation,
        names: Vec<String>,
        query: BTreeMap<String, String>,
        body: Map<String, Value>,
    ) -> Self {
        let (line, method) = (operation.name.to_owned(), operation.method.to_owned());
        Self { line, method, path: Vec::new(), query, body, names }
    }

    pub(super) fn is_for(&self, operation: &Operation) -> bool {
        let fits = |(part, wanted): (&String, &&str)| *wanted == "*" || part == wanted;
        self.method == operation.method
            && self.path.len() == operation.path.len()
            && self.path.iter().zip(operation.path).all(fits)
            && match operation.query {
                Some((name, value)) => self.query.get(name).is_some_and(|found| found == value),
                // An operation that is named and not known is not the one without a name.
                None => !self.query.contains_key("operation"),
            }
    }

    pub(super) fn take_names(&mut self, operation: &Operation) {
        let named = self.path.iter().zip(operation.path).filter(|(_, wanted)| **wanted == "*");
        self.names = named.map(|(part, _)| part.clone()).collect();
    }

    /// What stands in the path at the first, second … place that takes any.
    pub(super) fn name(&self, number: usize) -> &str {
        self.names.get(number).map_or("", String::as_str)
    }

    /// A value of the query that is there and not empty.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// A text without its percent signs; `None` where they are wrong.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
                let text = std::str::from_utf8(&digits).ok().filter(|_| is_hex)?;
                bytes.push(u8::from_str_radix(text, 16).ok()?);
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}
