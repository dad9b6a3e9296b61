//! From JSON to Lua: null is nil, and an empty list keeps its mark, so that it is a list on the way
//! back too.
//!
//! A table is filled in one go from an iterator, and what is no table goes into it without a handle
//! of its own: one field costs a third of what `raw_set` takes.

use std::cell::Cell;

use mlua::{Either, IntoLua, Lua, Result, Table, Value as LuaValue};
use serde_json::{Map, Value};

/// Makes tables of JSON.
#[derive(Clone, Copy)]
pub(crate) struct ToLua<'a> {
    lua: &'a Lua,
    list_mark: &'a Table,
    is_read_only: bool,
}

/// Something that needs no handle on its way into a table, or a value that has one.
type Item<'v> = Either<Plain<'v>, LuaValue>;
type Plain<'v> = Either<&'v str, Either<f64, bool>>;

impl<'a> ToLua<'a> {
    /// Tables that scripts may change.
    pub(crate) fn writable(lua: &'a Lua, list_mark: &'a Table) -> Self {
        Self { lua, list_mark, is_read_only: false }
    }

    /// Tables that nobody may change.
    pub(crate) fn read_only(lua: &'a Lua, list_mark: &'a Table) -> Self {
        Self { is_read_only: true, ..Self::writable(lua, list_mark) }
    }

    /// A JSON value as a Lua value.
    pub(crate) fn value(self, value: &Value) -> Result<LuaValue> {
        self.item(value)?.into_lua(self.lua)
    }

    /// A JSON object as a Lua table.
    pub(crate) fn object(self, fields: &Map<String, Value>) -> Result<Table> {
        self.fields(fields.iter().map(|(key, value)| (key.as_str(), value)))
    }

    /// The same of some fields.
    pub(crate) fn fields<'v>(
        self,
        fields: impl Iterator<Item = (&'v str, &'v Value)>,
    ) -> Result<Table> {
        self.table(fields.map(|(key, value)| (key, self.item(value))))
    }

    /// A table of names and what they stand for.
    pub(crate) fn table<'v, V: IntoLua>(
        self,
        fields: impl Iterator<Item = (&'v str, Result<V>)>,
    ) -> Result<Table> {
        let failed = Cell::new(None);
        // The iterator says how many there are, and the table is as large as that from the start.
        let items = fields.map(|(key, item)| {
            let item = item.map_err(|error| failed.set(Some(error)));
            (key, item.ok())
        });
        let table = self.lua.create_table_from(items)?;
        failed.take().map_or(Ok(()), Err)?;
        table.set_readonly(self.is_read_only);
        Ok(table)
    }

    fn item(self, value: &Value) -> Result<Item<'_>> {
        Ok(Either::Left(match value {
            Value::Null => return Ok(Either::Right(LuaValue::Nil)),
            Value::Bool(flag) => Either::Right(Either::Right(*flag)),
            // A whole number beyond 2^53 loses its last digits: Luau has only 64-bit floats.
            Value::Number(number) => {
                Either::Right(Either::Left(number.as_f64().unwrap_or(f64::NAN)))
            }
            Value::String(text) => Either::Left(text.as_str()),
            Value::Array(items) => {
                return Ok(Either::Right(LuaValue::Table(self.list(items)?)));
            }
            Value::Object(fields) => {
                return Ok(Either::Right(LuaValue::Table(self.object(fields)?)));
            }
        }))
    }

    fn list(self, items: &[Value]) -> Result<Table> {
        let table = self.lua.create_table_with_capacity(items.len(), 0)?;
        for item in items {
            // A null inside a list would be a hole; false would be a lie: the list ends where the
            // nulls begin or skips them.
            if !item.is_null() {
                table.raw_push(self.item(item)?)?;
            }
        }
        if items.is_empty() {
            table.set_metatable(Some(self.list_mark.clone()))?;
        }
        table.set_readonly(self.is_read_only);
        Ok(table)
    }
}

/// A JSON value as a Lua value that scripts may change.
pub(crate) fn to_lua(lua: &Lua, list_mark: &Table, value: &Value) -> Result<LuaValue> {
    ToLua::writable(lua, list_mark).value(value)
}

/// A JSON object as a Lua table that scripts may change.
pub(crate) fn object_to_lua(
    lua: &Lua,
    list_mark: &Table,
    fields: &Map<String, Value>,
) -> Result<Table> {
    ToLua::writable(lua, list_mark).object(fields)
}
