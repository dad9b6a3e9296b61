//! `aws.json` and `aws.request`: any operation of an AWS service.

use mlua::{Table, Value as LuaValue};
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::read;
use crate::convert::Unsayable;
use crate::schema::Schema;

/// An operation, asked for in the form in which the service's own JSON has it. Only its schema is
/// used: checks and messages are made from it.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct AwsJson {
    /// The service's name in the SDKs, e.g. `dynamodb`.
    #[schemars(length(min = 1, max = 100))]
    service: String,
    /// The operation, e.g. `GetItem`.
    #[schemars(length(min = 1, max = 100))]
    operation: String,
    /// Its input, with the names that the service's API uses.
    #[schemars(extend("x-data" = true))]
    input: Option<Map<String, Value>>,
    /// The version of the API, for services that the host does not know: the part before the
    /// operation in `X-Amz-Target`.
    #[schemars(length(min = 1, max = 100))]
    version: Option<String>,
}

/// A signed HTTP request to a service, for APIs that are not JSON.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct AwsRequest {
    /// The service's name in its endpoint, e.g. `lambda`.
    #[schemars(length(min = 1, max = 100))]
    service: String,
    /// The operation as the allowlist names it, e.g. `Invoke`.
    #[schemars(length(min = 1, max = 100))]
    operation: String,
    #[schemars(extend("enum" = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]))]
    method: Option<String>,
    /// The path after the endpoint, already escaped.
    #[schemars(length(min = 1, max = 2000), extend("x-data" = true))]
    path: Option<String>,
    #[schemars(extend("x-data" = true))]
    query: Option<std::collections::BTreeMap<String, String>>,
    #[schemars(extend("x-data" = true))]
    headers: Option<std::collections::BTreeMap<String, String>>,
    /// A string, sent unchanged, or a table, sent as JSON.
    #[schemars(extend("x-data" = true))]
    body: Option<Value>,
    /// The name for the signature, if it differs from the endpoint's.
    #[schemars(length(min = 1, max = 100))]
    signing_name: Option<String>,
}

/// Checks the tables that scripts give to `aws.json` and `aws.request`.
pub(super) struct Aws {
    json: Schema,
    request: Schema,
}

impl Aws {
    pub(super) fn new() -> Self {
        Self { json: Schema::of::<AwsJson>(), request: Schema::of::<AwsRequest>() }
    }

    pub(super) fn json(&self, options: &LuaValue, list_mark: &Table) -> Result<Value, Unsayable> {
        let wanted = "aws.json { service = …, operation = …, input = … }";
        let request = read("aws.json", options, &self.json, list_mark, wanted)?;
        if request.get("input").is_some_and(|input| !input.is_object()) {
            let text =
                "aws.json: `input` is a list; wanted a table with the names of the service's API";
            return Err(Unsayable::Refused(text.to_owned()));
        }
        Ok(Value::Object(request))
    }

    pub(super) fn request(
        &self,
        options: &LuaValue,
        list_mark: &Table,
    ) -> Result<Value, Unsayable> {
        let wanted = "aws.request { service = …, operation = …, path = … }";
        let mut request = read("aws.request", options, &self.request, list_mark, wanted)?;
        let method = if request.contains_key("body") { "POST" } else { "GET" };
        request.entry("method").or_insert_with(|| json!(method));
        let path = request.entry("path").or_insert_with(|| json!("/"));
        if !path.as_str().is_some_and(|path| path.starts_with('/')) {
            let text = format!(
                "aws.request: `path` is {path}; wanted the path after the endpoint, such as \"/2015-03-31/functions\""
            );
            return Err(Unsayable::Unusable(text));
        }
        request.insert("kind".to_owned(), json!("signed"));
        Ok(Value::Object(request))
    }
}
