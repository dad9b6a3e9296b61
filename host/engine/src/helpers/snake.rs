//! Names of APIs, as scripts write them and the other way round.

use serde_json::{Map, Value};

use crate::schema::snake_case;

/// `external_user_id` as the API has it.
pub(super) fn pascal_case(name: &str) -> String {
    name.split('_').map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

/// A value with all its keys as scripts write them.
pub(super) fn to_snake(value: Value) -> Value {
    keys(value, &snake_case)
}

/// A value with all its keys as the API has them.
pub(super) fn to_pascal(value: Value) -> Value {
    keys(value, &pascal_case)
}

fn keys(value: Value, name: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Object(members) => {
            let members: Map<_, _> =
                members.into_iter().map(|(key, value)| (name(&key), keys(value, name))).collect();
            Value::Object(members)
        }
        Value::Array(items) => items.into_iter().map(|item| keys(item, name)).collect(),
        other => other,
    }
}
