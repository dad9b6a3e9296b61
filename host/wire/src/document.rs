//! A document as it came: a tree that is read once and looked at often.
//!
//! `serde_json::Map` hashes every name, when it is read and whenever it is looked at. The objects of
//! events have a dozen fields: comparing names is faster, and the names that every event has need no
//! memory of their own.

mod name;
mod read;

use serde_json::{Map, Number, Value};

pub use self::name::KNOWN_NAMES;
use self::name::Name;

/// One value of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(Number),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// An object.
    Object(Object),
}

/// Named values in the order in which they came. Of a name that came twice the last value counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    fields: Vec<(Name, Json)>,
}

impl Object {
    /// An object with nothing in it.
    pub fn empty() -> &'static Self {
        static EMPTY: Object = Object { fields: Vec::new() };
        &EMPTY
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.fields.iter().find(|(known, _)| known.as_str() == name).map(|(_, value)| value)
    }

    /// All names and values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Json)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// All names.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.iter().map(|(name, _)| name)
    }

    /// All values.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Json> {
        self.iter().map(|(_, value)| value)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The same as a map, to be changed or sent.
    pub fn to_map(&self) -> Map<String, Value> {
        self.iter().map(|(name, value)| (name.to_owned(), value.to_value())).collect()
    }
}

impl Json {
    /// The string that this is.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object that this is.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The list that this is.
    pub fn as_array(&self) -> Option<&[Json]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The whole number from 0 that this is.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// The value of this name, if this is an object.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.as_object()?.get(name)
    }

    /// The same as a value of serde_json.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::Number(number.clone()),
            Self::String(text) => Value::String(text.clone()),
            Self::Array(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(object) => Value::Object(object.to_map()),
        }
    }
}

impl From<Map<String, Value>> for Object {
    fn from(map: Map<String, Value>) -> Self {
        let fields = map.into_iter().map(|(name, value)| (Name::from(name), value.into()));
        Self { fields: fields.collect() }
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::String(text),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(map) => Self::Object(map.into()),
        }
    }
}

#[cfg(test)]
mod tests;
