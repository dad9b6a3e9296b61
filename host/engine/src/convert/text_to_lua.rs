//! From the text of JSON to Lua, without a tree in between: what a script decodes is made in its
//! own memory, and counts against its limit.

use std::cell::RefCell;
use std::fmt;

use mlua::{Lua, Table, Value as LuaValue};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// What JSON in a text is as a Lua value, or why it is not JSON. Null is nil, and an empty list has
/// its mark.
///
/// # Errors
/// Lua's own; memory, in practice.
pub(crate) fn text_to_lua(
    lua: &Lua,
    list_mark: &Table,
    text: &[u8],
) -> mlua::Result<Result<LuaValue, serde_json::Error>> {
    let maker = Maker { lua, list_mark, failure: RefCell::default() };
    let mut reader = serde_json::Deserializer::from_slice(text);
    let made =
        Value(&maker).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match maker.failure.into_inner() {
        Some(failure) => Err(failure),
        None => Ok(made),
    }
}

struct Maker<'a> {
    lua: &'a Lua,
    list_mark: &'a Table,
    /// What Lua failed with: it ends the reading, as an error of the text would.
    failure: RefCell<Option<mlua::Error>>,
}

impl Maker<'_> {
    fn lua<T, E: serde::de::Error>(&self, made: mlua::Result<T>) -> Result<T, E> {
        made.map_err(|failure| {
            self.failure.replace(Some(failure));
            E::custom("Lua has failed")
        })
    }
}

/// One value, wherever it stands.
#[derive(Clone, Copy)]
struct Value<'a>(&'a Maker<'a>);

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = LuaValue;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<LuaValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = LuaValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<LuaValue, E> {
        Ok(LuaValue::Nil)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<LuaValue, E> {
        Ok(LuaValue::Boolean(flag))
    }

    #[allow(clippy::cast_precision_loss, reason = "Luau has only 64-bit floats")]
    fn visit_i64<E>(self, number: i64) -> Result<LuaValue, E> {
        Ok(LuaValue::Number(number as f64))
    }

    #[allow(clippy::cast_precision_loss, reason = "Luau has only 64-bit floats")]
    fn visit_u64<E>(self, number: u64) -> Result<LuaValue, E> {
        Ok(LuaValue::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<LuaValue, E> {
        Ok(LuaValue::Number(number))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<LuaValue, E> {
        let Self(maker) = self;
        Ok(LuaValue::String(maker.lua(maker.lua.create_string(text))?))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<LuaValue, A::Error> {
        let Self(maker) = self;
        let table = maker.lua(maker.lua.create_table())?;
        let mut is_empty = true;
        while let Some(item) = items.next_element_seed(self)? {
            is_empty = false;
            // A null inside a list would be a hole: it is skipped.
            if !item.is_nil() {
                maker.lua(table.raw_push(item))?;
            }
        }
        if is_empty {
            maker.lua(table.set_metatable(Some(maker.list_mark.clone())))?;
        }
        Ok(LuaValue::Table(table))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<LuaValue, A::Error> {
        let Self(maker) = self;
        let table = maker.lua(maker.lua.create_table())?;
        while let Some(key) = fields.next_key_seed(self)? {
            let value = fields.next_value_seed(self)?;
            match key {
                LuaValue::String(_) => maker.lua(table.raw_set(key, value))?,
                _ => return Err(A::Error::custom("a key is not a string")),
            }
        }
        Ok(LuaValue::Table(table))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::convert::{from_lua, to_lua};

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            "\\PC{0,8}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::vec(("[a-c\\PC]{0,3}", inner), 0..6)
                    .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_text_becomes_what_its_tree_would(value in any_json()) {
            let lua = Lua::new();
            let mark = lua.create_table().unwrap();
            let direct = text_to_lua(&lua, &mark, value.to_string().as_bytes()).unwrap().unwrap();
            let by_tree = to_lua(&lua, &mark, &value).unwrap();
            let read = |value: &LuaValue| from_lua(value, &mark, "x").map_err(|error| format!("{error:?}"));
            prop_assert_eq!(read(&direct), read(&by_tree));
        }

        #[test]
        fn any_bytes_are_json_here_where_they_are_json_there(text in "[\\[\\]{}:,0-9a\" .eE+-]{0,20}|\\PC*") {
            let lua = Lua::new();
            let mark = lua.create_table().unwrap();
            let direct = text_to_lua(&lua, &mark, text.as_bytes()).unwrap().map_err(|error| error.to_string());
            let tree = serde_json::from_str::<serde_json::Value>(&text).map_err(|error| error.to_string());
            prop_assert_eq!(direct.as_ref().err(), tree.as_ref().err());
        }
    }
}
