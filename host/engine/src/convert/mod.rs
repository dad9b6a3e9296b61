//! Between Lua values and JSON, within budgets, refusing what the other side cannot say.

mod from_lua;
mod text_to_lua;
mod to_lua;

pub(crate) use from_lua::{Unsayable, describe, from_lua, requests_from_lua, text_of, whole};
pub(crate) use text_to_lua::text_to_lua;
pub(crate) use to_lua::{ToLua, object_to_lua, prepare_names, to_lua};
