//! From JSON to Lua: null is nil, and an empty list keeps its mark, so that it is a list on the way
//! back too.

use mlua::{Lua, Result, Table, Value as LuaValue};
use serde_json::{Map, Value};

/// A JSON value as a Lua value.
pub(crate) fn to_lua(lua: &Lua, list_mark: &Table, value: &Value) -> Result<LuaValue> {
    Ok(match value {
        Value::Null => LuaValue::Nil,
        Value::Bool(flag) => LuaValue::Boolean(*flag),
        // A whole number beyond 2^53 loses its last digits: Luau has only 64-bit floats.
        Value::Number(number) => LuaValue::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => LuaValue::String(lua.create_string(text)?),
        Value::Array(items) => {
            let table = lua.create_table_with_capacity(items.len(), 0)?;
            for item in items {
                // A null inside a list would be a hole; false would be a lie: the list ends where
                // the nulls begin or skips them.
                if !item.is_null() {
                    table.raw_push(to_lua(lua, list_mark, item)?)?;
                }
            }
            if items.is_empty() {
                table.set_metatable(Some(list_mark.clone()))?;
            }
            LuaValue::Table(table)
        }
        Value::Object(fields) => LuaValue::Table(object_to_lua(lua, list_mark, fields)?),
    })
}

/// A JSON object as a Lua table.
pub(crate) fn object_to_lua(
    lua: &Lua,
    list_mark: &Table,
    fields: &Map<String, Value>,
) -> Result<Table> {
    let table = lua.create_table_with_capacity(0, fields.len())?;
    for (key, value) in fields {
        if !value.is_null() {
            table.raw_set(key.as_str(), to_lua(lua, list_mark, value)?)?;
        }
    }
    Ok(table)
}

/// Makes a table and all tables in it read-only. For tables the host made: they hold no cycles.
pub(crate) fn freeze(table: &Table) -> Result<()> {
    table.for_each(|_: LuaValue, value: LuaValue| match value {
        LuaValue::Table(inner) => freeze(&inner),
        _ => Ok(()),
    })?;
    table.set_readonly(true);
    Ok(())
}
