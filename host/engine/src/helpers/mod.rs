//! What scripts ask of the outside: tables checked against their schemas, and turned into requests.

mod aws;
mod bind;
mod chime;
mod http;
mod metric;
mod phone;
mod snake;
mod storage;
mod time;

use mlua::Table;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

pub(crate) use bind::fill;
pub(crate) use chime::trimmed;

use crate::checker::Checker;
use crate::convert::{Unsayable, describe};
use crate::shape::Shape;

/// The shape of a table that scripts write.
fn shape<T: JsonSchema>() -> Shape {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let generator = settings.with(|settings| settings.inline_subschemas = true).into_generator();
    let schema: Schema = generator.into_root_schema_for::<T>();
    Shape::from_schema(&schema.to_value())
}

/// The fields of a table that was given to `what`, in wire form. `wanted` says how it is written, where no table came.
fn read(
    what: &str,
    options: &mlua::Value,
    shape: &Shape,
    list_mark: &Table,
    wanted: &str,
) -> Result<Map<String, Value>, Unsayable> {
    let checker = Checker { what, list_mark };
    match options {
        mlua::Value::Table(table) => checker.table(table, shape, ""),
        mlua::Value::Nil => checker.fields(&Map::new(), shape),
        other => Err(checker.refuse(format!("got {}; write {wanted}", describe(other)))),
    }
}
