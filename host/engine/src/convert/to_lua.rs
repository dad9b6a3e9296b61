//! From JSON to Lua: null is nil, and an empty list keeps its mark, so that it is a list on the way
//! back too.
//!
//! A table is filled in one go from an iterator, and what is no table goes into it without a handle
//! of its own: one field costs a third of what `raw_set` takes. The names that most events have are
//! made once for each VM.

use std::cell::Cell;

use mlua::{AppDataRef, Either, IntoLua, Lua, LuaString, Result, Table, Value as LuaValue};
use moonring_wire::{Json, KNOWN_NAMES, Object};
use rustc_hash::FxHashMap;
use serde_json::{Map, Number, Value};

/// Names that most events have, as strings of a VM. No stranger adds to them.
struct Names(FxHashMap<&'static str, LuaString>);

/// Makes the names for a VM; without it tables are made all the same.
pub(crate) fn prepare_names(lua: &Lua) -> Result<()> {
    let names = KNOWN_NAMES.iter().map(|name| Ok((*name, lua.create_string(name)?)));
    lua.set_app_data(Names(names.collect::<Result<_>>()?));
    Ok(())
}

/// Makes tables of JSON.
pub(crate) struct ToLua<'a> {
    lua: &'a Lua,
    list_mark: &'a Table,
    is_read_only: bool,
    names: Option<AppDataRef<'a, Names>>,
}

/// Something that needs no handle on its way into a table, or a value that has one.
type Item<'v> = Either<Plain<'v>, LuaValue>;
type Plain<'v> = Either<&'v str, Either<f64, bool>>;

impl<'a> ToLua<'a> {
    /// Tables that scripts may change.
    pub(crate) fn writable(lua: &'a Lua, list_mark: &'a Table) -> Self {
        Self { lua, list_mark, is_read_only: false, names: lua.app_data_ref() }
    }

    /// Tables that nobody may change.
    pub(crate) fn read_only(lua: &'a Lua, list_mark: &'a Table) -> Self {
        Self { is_read_only: true, ..Self::writable(lua, list_mark) }
    }

    /// A JSON value as a Lua value.
    pub(crate) fn value(&self, value: &Value) -> Result<LuaValue> {
        self.item(value)?.into_lua(self.lua)
    }

    /// A JSON object as a Lua table.
    pub(crate) fn object(&self, fields: &Map<String, Value>) -> Result<Table> {
        self.table(fields.iter().map(|(key, value)| (key.as_str(), self.item(value))))
    }

    /// An object of an event as a Lua table.
    pub(crate) fn document(&self, object: &Object) -> Result<Table> {
        self.fields(object.iter())
    }

    /// The same with a metatable.
    pub(crate) fn document_with(&self, object: &Object, metatable: Table) -> Result<Table> {
        let table = self.filled(object.iter().map(|(key, value)| (key, self.node(value))))?;
        table.set_metatable(Some(metatable))?;
        table.set_readonly(self.is_read_only);
        Ok(table)
    }

    /// The same of some fields.
    pub(crate) fn fields<'v>(
        &self,
        fields: impl Iterator<Item = (&'v str, &'v Json)>,
    ) -> Result<Table> {
        self.table(fields.map(|(key, value)| (key, self.node(value))))
    }

    /// A table of names and what they stand for.
    pub(crate) fn table<'v, V: IntoLua>(
        &self,
        fields: impl Iterator<Item = (&'v str, Result<V>)>,
    ) -> Result<Table> {
        let table = self.filled(fields)?;
        table.set_readonly(self.is_read_only);
        Ok(table)
    }

    fn filled<'v, V: IntoLua>(
        &self,
        fields: impl Iterator<Item = (&'v str, Result<V>)>,
    ) -> Result<Table> {
        let failed = Cell::new(None);
        // The iterator says how many there are, and the table is as large as that from the start.
        let items = fields.map(|(key, item)| {
            let item = item.map_err(|error| failed.set(Some(error)));
            (self.name(key), item.ok())
        });
        let table = self.lua.create_table_from(items)?;
        failed.take().map_or(Ok(table), Err)
    }

    /// A name, without a hash of the whole text where it is known.
    fn name<'v>(&self, text: &'v str) -> Either<&LuaString, &'v str> {
        let known = self.names.as_ref().and_then(|names| names.0.get(text));
        known.map_or(Either::Right(text), Either::Left)
    }

    fn item<'v>(&self, value: &'v Value) -> Result<Item<'v>> {
        match value {
            Value::Null => Ok(Either::Right(LuaValue::Nil)),
            Value::Bool(flag) => Ok(flag_item(*flag)),
            Value::Number(number) => Ok(number_item(number)),
            Value::String(text) => Ok(text_item(text)),
            Value::Array(items) => {
                let present = items.iter().filter(|item| !item.is_null());
                self.list(present.map(|item| self.item(item)), items.len()).map(table_item)
            }
            Value::Object(fields) => self.object(fields).map(table_item),
        }
    }

    fn node<'v>(&self, value: &'v Json) -> Result<Item<'v>> {
        match value {
            Json::Null => Ok(Either::Right(LuaValue::Nil)),
            Json::Bool(flag) => Ok(flag_item(*flag)),
            Json::Number(number) => Ok(number_item(number)),
            Json::String(text) => Ok(text_item(text)),
            Json::Array(items) => {
                let present = items.iter().filter(|item| **item != Json::Null);
                self.list(present.map(|item| self.node(item)), items.len()).map(table_item)
            }
            Json::Object(object) => self.document(object).map(table_item),
        }
    }

    /// A list without its nulls: one would be a hole, and false would be a lie.
    fn list<'v>(
        &self,
        items: impl Iterator<Item = Result<Item<'v>>>,
        length: usize,
    ) -> Result<Table> {
        let table = self.lua.create_table_with_capacity(length, 0)?;
        for item in items {
            table.raw_push(item?)?;
        }
        if length == 0 {
            table.set_metatable(Some(self.list_mark.clone()))?;
        }
        table.set_readonly(self.is_read_only);
        Ok(table)
    }
}

fn flag_item(flag: bool) -> Item<'static> {
    Either::Left(Either::Right(Either::Right(flag)))
}

/// A whole number beyond 2^53 loses its last digits: Luau has only 64-bit floats.
fn number_item(number: &Number) -> Item<'static> {
    Either::Left(Either::Right(Either::Left(number.as_f64().unwrap_or(f64::NAN))))
}

fn text_item(text: &str) -> Item<'_> {
    Either::Left(Either::Left(text))
}

fn table_item(table: Table) -> Item<'static> {
    Either::Right(LuaValue::Table(table))
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
