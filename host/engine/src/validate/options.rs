//! What an author gives to a method: a table, a string in its place, or nothing.

use mlua::Value as LuaValue;
use serde_json::{Map, Value};

use super::Validator;
use crate::convert::{Unsayable, describe};
use crate::schema::Schema;

impl Validator<'_> {
    /// The options in wire form. Left out, a table is empty. Where the schema has a text of its
    /// own, a string stands for the table.
    pub(crate) fn options(
        &self,
        options: &LuaValue,
        schema: &Schema,
    ) -> Result<Map<String, Value>, Unsayable> {
        match options {
            LuaValue::Nil => self.fields(&Map::new(), schema),
            LuaValue::Table(table) => self.table(table, schema, ""),
            LuaValue::String(_) if schema.text.is_some() => self.short(options, schema, ""),
            other => {
                let wanted = if schema.text.is_some() { "a string or a table" } else { "a table" };
                Err(self.refuse(format!("got {}; wanted {wanted}", describe(other))))
            }
        }
    }

    /// Whether a value is the mark of one that nobody knows yet.
    pub(super) fn is_unknown(&self, value: &LuaValue) -> bool {
        self.unknown.is_some_and(|unknown| value.as_table() == Some(unknown))
    }

    /// A table that an author left out.
    pub(crate) fn fields(
        &self,
        none: &Map<String, Value>,
        schema: &Schema,
    ) -> Result<Map<String, Value>, Unsayable> {
        match schema.fields.iter().find(|field| field.is_required) {
            Some(field) => Err(self.refuse(format!(
                "`{}` is missing; wanted {}",
                field.lua,
                field.kind.wanted()
            ))),
            None => Ok(none.clone()),
        }
    }

    /// A text that stands for a table with one field.
    pub(crate) fn short(
        &self,
        text: &LuaValue,
        schema: &Schema,
        path: &str,
    ) -> Result<Map<String, Value>, Unsayable> {
        let field = schema.fields.iter().find(|field| Some(&field.wire) == schema.text.as_ref());
        let Some(field) = field else {
            return Err(self.refuse("it does not take a string".to_owned()));
        };
        let name = if path.is_empty() { field.lua.as_str() } else { path.trim_end_matches('.') };
        let value = self.field(text, field, name)?;
        Ok(Map::from_iter([(field.wire.clone(), value)]))
    }
}
