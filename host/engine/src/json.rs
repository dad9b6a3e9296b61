//! `json`: texts and values of scripts.

use mlua::{Lua, Result, Table, Value as LuaValue};

use crate::convert::{Unsayable, from_lua, text_to_lua};

/// The longest text that is decoded, in bytes; its tables may take twenty times as much of the
/// script's memory.
const BYTES: usize = 1024 * 1024;

/// A value as text, or what the author did wrong.
pub(crate) fn encode(
    value: &LuaValue,
    list_mark: &Table,
) -> std::result::Result<String, Unsayable> {
    Ok(from_lua(value, list_mark, "json.encode: value")?.to_string())
}

/// Whether the text could be read, and its value or what is wrong with it. A null at the top is
/// nil.
pub(crate) fn decode(lua: &Lua, text: &[u8], list_mark: &Table) -> Result<(bool, LuaValue)> {
    let problem = |message: String| Ok((false, LuaValue::String(lua.create_string(message)?)));
    if text.len() > BYTES {
        return problem(format!("the string has {} bytes; the limit is {BYTES}", text.len()));
    }
    match text_to_lua(lua, list_mark, text)? {
        Ok(value) => Ok((true, value)),
        Err(error) => problem(format!("the string is not JSON: {error}")),
    }
}
