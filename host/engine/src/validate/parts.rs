//! A prompt of one part, or a list of several: texts and audio files.

use mlua::{Table, Value as LuaValue};
use serde_json::Value;

use super::Validator;
use crate::convert::{Unsayable, describe};
use crate::schema::Schema;

impl Validator<'_> {
    /// The parts as a list, whichever way they are written.
    pub(super) fn parts(
        &self,
        value: &LuaValue,
        schemas: &[Schema],
        max: usize,
        name: &str,
    ) -> Result<Value, Unsayable> {
        let Some(list) = value.as_table().filter(|table| table.raw_len() > 0) else {
            return Ok(Value::Array(vec![self.part(value, schemas, name)?]));
        };
        let count = list.raw_len();
        if count > max || list.pairs::<LuaValue, LuaValue>().count() != count {
            let came = if count > max {
                format!("has {count} parts")
            } else {
                "is a list that has names or gaps".to_owned()
            };
            let wanted = format!("a list of up to {max} prompts and audio files");
            return Err(self.refuse(format!("`{name}` {came}; wanted {wanted}")));
        }
        let part = |index| {
            self.part(&list.raw_get::<LuaValue>(index)?, schemas, &format!("{name}[{index}]"))
        };
        (1..=count).map(part).collect::<Result<_, _>>().map(Value::Array)
    }

    /// One part. A table is read as what it names.
    fn part(&self, value: &LuaValue, schemas: &[Schema], name: &str) -> Result<Value, Unsayable> {
        let names = |schema: &&Schema, table: &Table| {
            let text = schema.text.as_deref().unwrap_or_default();
            table.raw_get::<LuaValue>(text).is_ok_and(|value| !value.is_nil())
        };
        let named =
            value.as_table().and_then(|table| schemas.iter().find(|schema| names(schema, table)));
        match named.or(schemas.first()) {
            Some(_) if self.is_unknown(value) => Ok(Value::Null),
            Some(schema) => self.nested(value, schema, name),
            None => Err(self.refuse(format!("`{name}` is {}; nothing is taken", describe(value)))),
        }
    }
}
