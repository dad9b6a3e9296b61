//! Any JSON there may be, for tests.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Values of every kind, and objects with names that events have, other names, and many of them.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        let name = prop_oneof!["[a-c]", Just("CallId".to_owned()), ".{0,8}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..40)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}
