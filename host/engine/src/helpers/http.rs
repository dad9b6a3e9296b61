//! `http.*`: requests to hosts that the settings allow.

use std::collections::BTreeMap;

use mlua::{Table, Value as LuaValue};
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::read;
use crate::convert::Unsayable;
use crate::schema::Schema;

#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct HttpRequest {
    #[schemars(extend("enum" = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]))]
    method: Option<String>,
    #[schemars(length(min = 1, max = 2000), extend("x-data" = true))]
    url: String,
    #[schemars(extend("x-data" = true))]
    query: Option<BTreeMap<String, String>>,
    #[schemars(extend("x-data" = true))]
    headers: Option<BTreeMap<String, String>>,
    /// A string, sent unchanged, or a table, sent as JSON.
    #[schemars(extend("x-data" = true))]
    body: Option<Value>,
    /// Seconds.
    #[schemars(range(min = 0.1, max = 4))]
    timeout: Option<f64>,
    /// The most bytes of the reply's body.
    #[schemars(range(min = 1, max = 1_048_576))]
    max_bytes: Option<u32>,
}

/// Checks the tables that scripts give to `http.request`.
pub(crate) struct Http(Schema);

impl Http {
    pub(crate) fn new() -> Self {
        Self(Schema::of::<HttpRequest>())
    }

    pub(crate) fn request(
        &self,
        what: &str,
        options: &LuaValue,
        list_mark: &Table,
    ) -> Result<Value, Unsayable> {
        let mut request = read(what, options, &self.0, list_mark, "http.request { url = … }")?;
        let url = request.get("url").and_then(Value::as_str).unwrap_or_default();
        if !url.starts_with("https://") && !url.starts_with("http://") {
            let text = format!("{what}: `url` is {url:?}; wanted a URL that begins with https://");
            return Err(Unsayable::Unusable(text));
        }
        let method = if request.contains_key("body") { "POST" } else { "GET" };
        request.entry("method").or_insert_with(|| json!(method));
        request.insert("kind".to_owned(), json!("http"));
        Ok(Value::Object(request))
    }
}
