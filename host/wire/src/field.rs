//! A field of an object, found without hashing.

use serde_json::{Map, Value};

/// Up to so many fields are looked through: to hash a key takes as long as to compare it with these.
const FEW: usize = 24;

/// The field with this name.
pub(crate) fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if object.len() > FEW {
        return object.get(name);
    }
    object.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}
