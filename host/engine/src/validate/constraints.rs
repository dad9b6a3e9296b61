//! What holds between the fields of a table.

use serde_json::{Map, Value};

use super::Validator;
use crate::convert::Unsayable;
use crate::schema::{Field, Implication, Schema, snake_case};

impl Validator<'_> {
    pub(super) fn at_least(
        &self,
        field: &Field,
        schema: &Schema,
        parameters: &Map<String, Value>,
    ) -> Result<(), Unsayable> {
        let other = field
            .at_least
            .as_ref()
            .and_then(|wire| schema.fields.iter().find(|other| other.wire == *wire));
        let Some(other) = other else { return Ok(()) };
        let number = |wire: &str| parameters.get(wire).and_then(Value::as_i64);
        match (number(&field.wire), number(&other.wire)) {
            (Some(value), Some(least)) if value < least => Err(self.refuse(format!(
                "`{}` is {value}; wanted at least `{}`, which is {least}",
                field.lua, other.lua
            ))),
            _ => Ok(()),
        }
    }

    pub(super) fn implication(
        &self,
        rule: &Implication,
        parameters: &Map<String, Value>,
        path: &str,
    ) -> Result<(), Unsayable> {
        let Some((first, rest)) =
            rule.then.split_first().filter(|_| parameters.contains_key(&rule.given))
        else {
            return Ok(());
        };
        let found = rest
            .iter()
            .try_fold(parameters.get(first), |value, key| Some(value?.get(key)))
            .flatten();
        // Null is a value that nobody knows yet.
        if found.is_some_and(Value::is_null) || found.and_then(Value::as_str) == Some(&rule.is) {
            return Ok(());
        }
        let way: Vec<String> = rule.then.iter().map(|name| snake_case(name)).collect();
        let (way, given) = (way.join("."), snake_case(&rule.given));
        Err(self.refuse(format!("with `{path}{given}`, `{path}{way}` must be \"{}\"", rule.is)))
    }
}
