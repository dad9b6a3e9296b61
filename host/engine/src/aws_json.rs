//! `aws.json`: an operation of any AWS service, asked for in the form in which the service's own JSON has it.

use mlua::{Lua, Table, Value as LuaValue};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

use crate::checker::Checker;
use crate::convert::{Unsayable, describe, to_lua};
use crate::shape::Shape;

/// What a script asks for. Only its schema is used: builders of Lua-facing tables and their messages are made from it.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "the schema is read, the fields are not")]
struct AwsJson {
    /// The service's name in the SDKs, e.g. `dynamodb`.
    #[schemars(length(min = 1, max = 100))]
    service: String,
    /// The operation, e.g. `GetItem`.
    #[schemars(length(min = 1, max = 100))]
    operation: String,
    /// Its input, with the names that the service's API has.
    input: Option<Map<String, Value>>,
    /// The version of the API, for services whose requests name one.
    #[schemars(length(min = 1, max = 100))]
    version: Option<String>,
}

/// Checks the tables that scripts give to `aws.json`.
pub(crate) struct AwsRequests(Shape);

impl AwsRequests {
    pub(crate) fn new() -> Self {
        let settings = schemars::generate::SchemaSettings::draft2020_12();
        let generator = settings.with(|settings| settings.inline_subschemas = true).into_generator();
        let schema: Schema = generator.into_root_schema_for::<AwsJson>();
        Self(Shape::from_schema(&schema.to_value()))
    }

    /// The request of a table, as the prelude hands it on.
    pub(crate) fn read(&self, lua: &Lua, options: &LuaValue, list_mark: &Table) -> Result<LuaValue, Unsayable> {
        let checker = Checker { what: "aws.json", list_mark };
        let LuaValue::Table(table) = options else {
            let came = format!("got {}; write aws.json {{ service = …, operation = …, input = … }}", describe(options));
            return Err(checker.refuse(came));
        };
        let request = checker.table(table, &self.0, "")?;
        if request.get("input").is_some_and(|input| !input.is_object()) {
            return Err(
                checker.refuse("`input` is a list; wanted a table with the names of the service's API".to_owned())
            );
        }
        Ok(to_lua(lua, list_mark, &Value::Object(request))?)
    }
}
