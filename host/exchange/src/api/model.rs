//! The service's published model: what may stand where in a request. The facts are data, in
//! `model.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fancy_regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::ApiError;
use super::request::Request;

/// The members of every operation's request, by their names.
static MODEL: LazyLock<Model> =
    LazyLock::new(|| serde_json::from_str(include_str!("model.json")).unwrap_or_default());

type Model = BTreeMap<String, BTreeMap<String, Member>>;

/// What a member may be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    required: bool,
    /// It is the first, second … name of the path, from 0.
    path: Option<usize>,
    /// It stands in the query, under this name.
    query: Option<String>,
    /// Of characters, of items, or of the number itself.
    min: Option<u64>,
    max: Option<u64>,
    /// The whole text is to match.
    pattern: Option<String>,
    #[serde(rename = "enum", default)]
    words: Vec<String>,
    #[serde(default)]
    members: BTreeMap<String, Member>,
    member: Option<Box<Member>>,
    key: Option<Box<Member>>,
    value: Option<Box<Member>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    String,
    Integer,
    Boolean,
    List,
    Map,
    Structure,
}

/// The parts of an operation's input: what stands in the path, in order, what in the query, and
/// what in the body.
pub(super) fn parts(
    operation: &str,
    input: &Map<String, Value>,
) -> (Vec<String>, BTreeMap<String, String>, Map<String, Value>) {
    let (mut names, mut query, mut body) = (BTreeMap::new(), BTreeMap::new(), input.clone());
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for (name, member) in MODEL.get(operation).into_iter().flatten() {
        if let Some(number) = member.path {
            names.insert(number, body.remove(name).as_ref().map(text).unwrap_or_default());
        } else if let Some(wire) = &member.query
            && let Some(value) = body.remove(name)
        {
            query.insert(wire.clone(), text(&value));
        }
    }
    (names.into_values().collect(), query, body)
}

/// Holds a request against the model of its operation.
///
/// # Errors
/// The first member that is wrong, with what was wanted.
pub(super) fn check(operation: &str, request: &Request) -> Result<(), ApiError> {
    let Some(members) = MODEL.get(operation) else { return Ok(()) };
    for (name, member) in members {
        let text = member.path.map(|number| request.name(number));
        let text = text.or_else(|| member.query.as_deref().and_then(|name| request.query(name)));
        let given = text.map(|text| match member.kind {
            Kind::Integer => text.parse::<u64>().map_or_else(|_| Value::from(text), Value::from),
            _ => Value::from(text),
        });
        let is_in_body = member.path.is_none() && member.query.is_none();
        let found = given.as_ref().or_else(|| request.body.get(name).filter(|_| is_in_body));
        member.check_if_given(found, name)?;
    }
    Ok(())
}

impl Member {
    fn check_if_given(&self, found: Option<&Value>, at: &str) -> Result<(), ApiError> {
        match found.filter(|value| !value.is_null()) {
            Some(value) => self.check(value, at),
            None if self.required => Err(self.wrong(at, "is missing")),
            None => Ok(()),
        }
    }

    fn check(&self, value: &Value, at: &str) -> Result<(), ApiError> {
        let size = match (self.kind, value) {
            (Kind::String, Value::String(text)) => {
                let is_word = self.words.is_empty() || self.words.contains(text);
                if !is_word || !self.matches(text) {
                    return Err(self.wrong(at, "is not valid"));
                }
                Some(text.chars().count() as u64)
            }
            (Kind::Integer, Value::Number(number)) => {
                Some(number.as_u64().ok_or_else(|| self.wrong(at, "is not valid"))?)
            }
            (Kind::Boolean, Value::Bool(_)) => None,
            (Kind::List, Value::Array(items)) => {
                for (item, member) in items.iter().zip(self.member.iter().cycle()) {
                    member.check(item, &format!("{at}[]"))?;
                }
                Some(items.len() as u64)
            }
            (Kind::Map, Value::Object(pairs)) => {
                for (key, value) in pairs {
                    self.key
                        .as_ref()
                        .map_or(Ok(()), |member| member.check(&Value::from(key.as_str()), at))?;
                    self.value
                        .as_ref()
                        .map_or(Ok(()), |member| member.check(value, &format!("{at}.{key}")))?;
                }
                Some(pairs.len() as u64)
            }
            (Kind::Structure, Value::Object(fields)) => {
                for (name, member) in &self.members {
                    member.check_if_given(fields.get(name), &format!("{at}.{name}"))?;
                }
                None
            }
            _ => return Err(self.wrong(at, "is not valid")),
        };
        let is_in_range = size.is_none_or(|size| {
            self.min.is_none_or(|min| size >= min) && self.max.is_none_or(|max| size <= max)
        });
        if is_in_range { Ok(()) } else { Err(self.wrong(at, "is not valid")) }
    }

    fn matches(&self, text: &str) -> bool {
        self.pattern.as_ref().is_none_or(|pattern| {
            // Patterns of the model mean the whole text, with their own anchors or without.
            let whole = Regex::new(&format!("^(?:{pattern})$"));
            whole.is_ok_and(|pattern| pattern.is_match(text).unwrap_or(false))
        })
    }

    fn wrong(&self, at: &str, how: &str) -> ApiError {
        ApiError::BadRequest(format!("{at} {how}; wanted {}", self.wanted()))
    }

    /// What a member may be, in words.
    fn wanted(&self) -> String {
        if !self.words.is_empty() {
            return self.words.join(" or ");
        }
        let (what, of) = match self.kind {
            Kind::String => ("a string", " characters"),
            Kind::Integer => ("a number", ""),
            Kind::Boolean => ("true or false", ""),
            Kind::List => ("a list", " items"),
            Kind::Map => ("a map of strings", " pairs"),
            Kind::Structure => ("an object", ""),
        };
        let range = match (self.min, self.max) {
            (Some(min), Some(max)) => format!(", {min} to {max}{of}"),
            (Some(min), None) => format!(", at least {min}{of}"),
            (None, Some(max)) => format!(", at most {max}{of}"),
            (None, None) => String::new(),
        };
        let pattern = self.pattern.as_ref().map(|pattern| format!(" that matches {pattern}"));
        format!("{what}{}{range}", pattern.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::super::OPERATIONS;
    use super::*;

    fn all_of(member: &Member, all: &mut Vec<String>) {
        all.extend(member.pattern.clone());
        let inner = [&member.member, &member.key, &member.value];
        inner.into_iter().flatten().for_each(|member| all_of(member, all));
        member.members.values().for_each(|member| all_of(member, all));
    }

    #[test]
    fn the_model_knows_every_operation_and_its_patterns_can_be_read() {
        let mut patterns = Vec::new();
        for operation in OPERATIONS {
            let members = MODEL.get(operation.name);
            let members =
                members.unwrap_or_else(|| panic!("{} is not in the model", operation.name));
            members.values().for_each(|member| all_of(member, &mut patterns));
            let in_path = members.values().filter(|member| member.path.is_some()).count();
            assert_eq!(
                in_path,
                operation.path.iter().filter(|part| **part == "*").count(),
                "{}",
                operation.name
            );
        }
        assert_eq!(MODEL.len(), OPERATIONS.len());
        assert!(patterns.len() > 30);
        for pattern in patterns {
            assert!(Regex::new(&format!("^(?:{pattern})$")).is_ok(), "{pattern}");
        }
    }
}
