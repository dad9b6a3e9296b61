//! A document out of JSON text.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::name::Name;
use super::{Json, Object};

/// Up to so many names are compared with one another; more are hashed, since a stranger may choose
/// how many there are.
const FEW: usize = 24;

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Bool(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Number::from_f64(number).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = entries.next_key_seed(NameReader)? {
            // Most objects have several fields, and an empty one needs no room.
            if fields.is_empty() {
                fields.reserve(6);
            }
            fields.push((name, entries.next_value()?));
        }
        Ok(Json::Object(Object { fields: each_once(fields) }))
    }
}

/// Reads a name without a copy of it, where it is known.
struct NameReader;

impl<'de> DeserializeSeed<'de> for NameReader {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameReader {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        Ok(name.into())
    }
}

/// Each name once: where the first one came, with the value of the last.
fn each_once(fields: Vec<(Name, Json)>) -> Vec<(Name, Json)> {
    let is_twice = |(index, (name, _)): (usize, &(Name, Json))| {
        fields[..index].iter().any(|(earlier, _)| earlier == name)
    };
    if fields.len() <= FEW && !fields.iter().enumerate().any(is_twice) {
        return fields;
    }
    let mut places: HashMap<String, usize> = HashMap::with_capacity(fields.len());
    let mut once: Vec<(Name, Json)> = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        match places.get(name.as_str()) {
            Some(&place) => once[place].1 = value,
            None => {
                places.insert(name.as_str().to_owned(), once.len());
                once.push((name, value));
            }
        }
    }
    once
}
