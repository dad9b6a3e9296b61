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
use serde_json::{Map, Value};

pub(crate) use bind::fill;
pub(crate) use chime::{Chime, trimmed};
pub(crate) use http::Http;
pub(crate) use storage::request as storage_request;
pub(crate) use time::at as time_at;

use crate::convert::{Unsayable, describe};
use crate::schema::Schema;
use crate::validate::Validator;

/// The fields of a table that was given to `what`, in wire form. `wanted` says how it is written,
/// where no table came.
fn read(
    what: &str,
    options: &mlua::Value,
    schema: &Schema,
    list_mark: &Table,
    wanted: &str,
) -> Result<Map<String, Value>, Unsayable> {
    let checker = Validator { what, list_mark, unknown: None };
    match options {
        mlua::Value::Table(table) => checker.table(table, schema, ""),
        mlua::Value::Nil => checker.fields(&Map::new(), schema),
        other => Err(checker.refuse(format!("got {}; write {wanted}", describe(other)))),
    }
}
