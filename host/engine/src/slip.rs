//! What an author most likely meant where a script used something that is not there: the names on
//! the line that failed, held against those that exist.

use mlua::{Lua, Table, Value as LuaValue};
use moonring_flow::Place;
use moonring_wire::Event;

use crate::call::NAMES;
use crate::flow::method::METHODS;
use moonring_wire::hint;

/// What Luau says where a method is missing, up to the method's name.
const METHOD: &str = "attempt to call missing method '";
/// The fields of an error that comes behind a nil.
const ERROR_FIELDS: [&str; 3] = ["type", "message", "code"];
/// The longest line that is looked at, in bytes.
const LONGEST: usize = 1000;

/// Where a script failed, and what there was.
pub(crate) struct Slip<'a> {
    pub(crate) lua: &'a Lua,
    pub(crate) event: Option<&'a Event>,
    /// The whole file.
    pub(crate) text: Option<&'a str>,
    pub(crate) place: Option<&'a Place>,
}

impl Slip<'_> {
    /// What there is to say of an error with this text: the end of a sentence, or nothing.
    pub(crate) fn hint(&self, message: &str) -> String {
        if let Some(rest) = message.strip_prefix(METHOD) {
            let name = rest.split('\'').next().unwrap_or_default();
            if rest.ends_with("string") {
                let all = globals_table(self.lua, "string").map(|table| keys(&table));
                return hint(name, all.iter().flatten().map(String::as_str));
            }
            return hint(name, METHODS.iter().map(|method| method.name));
        }
        let (Some(text), Some(place)) = (self.text, self.place) else { return String::new() };
        let index = usize::try_from(place.line).unwrap_or(0).saturating_sub(1);
        let line = text.lines().nth(index).filter(|line| line.len() <= LONGEST);
        let is_of_nothing = message.contains("nil") || message.contains(" is missing");
        let Some(line) = line.filter(|_| is_of_nothing) else { return String::new() };
        let known = chains(line).into_iter().filter(|chain| !is_local(text, chain[0]));
        known
            .into_iter()
            .find_map(|chain| missing(self.lua, self.event, &chain))
            .unwrap_or_default()
    }
}

/// What is missing in a chain of names such as `phone.prase` or `event.CallDetails.Legs`.
fn missing(lua: &Lua, event: Option<&Event>, chain: &[&str]) -> Option<String> {
    let (root, names) = chain.split_first()?;
    match *root {
        "event" => {
            let mut fields = event?.document();
            for (number, name) in names.iter().enumerate() {
                let Some(found) = fields.get(name) else {
                    let path = chain.get(..=number + 1)?.join(".");
                    return Some(format!(
                        "; this event has no `{path}`{}",
                        hint(name, fields.keys())
                    ));
                };
                fields = found.as_object()?;
            }
            None
        }
        "err" => unknown("err", names.first()?, ERROR_FIELDS.iter().copied()),
        "call" => match *names {
            ["legs", leg] => {
                let legs = event?.participants().filter_map(|leg| leg.tag());
                let legs: Vec<String> = legs.map(str::to_ascii_uppercase).collect();
                unknown("call.legs", leg, legs.iter().map(String::as_str))
            }
            [name, ..] => {
                let methods = METHODS.iter().map(|method| method.name);
                unknown("call", name, NAMES.into_iter().chain(methods))
            }
            [] => None,
        },
        root => {
            let mut table = globals_table(lua, root)?;
            for (number, name) in names.iter().enumerate() {
                match table.raw_get::<LuaValue>(*name).ok()? {
                    LuaValue::Nil => {
                        let path = chain.get(..=number + 1)?.join(".");
                        let all = keys(&table);
                        let hint = hint(name, all.iter().map(String::as_str));
                        let what =
                            if root == "config" { "config.json has no" } else { "there is no" };
                        return Some(format!("; {what} `{path}`{hint}"));
                    }
                    LuaValue::Table(inner) => table = inner,
                    _ => return None,
                }
            }
            None
        }
    }
}

/// A name that is none of a table's.
fn unknown<'a>(
    table: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<String> {
    if known.clone().any(|known| known == name) {
        return None;
    }
    Some(format!("; there is no `{table}.{name}`{}", hint(name, known)))
}

/// Names with dots between them, at least two, as they stand on a line; `["name"]` is such a name
/// too. What stands in other quotes and behind `--` is no name.
fn chains(line: &str) -> Vec<Vec<&str>> {
    let bytes = line.as_bytes();
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'-' if bytes.get(at + 1) == Some(&b'-') => break,
            byte if is_letter(byte) => {
                let start = at;
                while at < bytes.len() && (is_letter(bytes[at]) || bytes[at] == b'.') {
                    at += 1;
                }
                let is_member = start > 0 && matches!(bytes[start - 1], b'.' | b':');
                let mut names: Vec<&str> =
                    line[start..at].trim_end_matches('.').split('.').collect();
                if let Some((name, length)) = in_brackets(&line[at..]) {
                    names.push(name);
                    at += length;
                }
                if names.len() > 1 && !is_member && names.iter().all(|name| !name.is_empty()) {
                    found.push(names);
                }
            }
            // A mark, or a part of a letter that is no name.
            _ => at += 1,
        }
    }
    found
}

/// `["name"]` at the beginning of a text: the name, and how long that is.
fn in_brackets(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix('[')?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (name, behind) = rest[1..].split_once(quote)?;
    behind.starts_with(']').then_some((name, name.len() + 4))
}

/// Whether a file makes a name its own: then nothing is known of it here. `event`, `call` and
/// `err` are always the author's names, for what the host gives.
fn is_local(text: &str, name: &str) -> bool {
    !matches!(name, "event" | "err" | "call") && text.contains(&format!("local {name}"))
}

fn globals_table(lua: &Lua, name: &str) -> Option<Table> {
    match lua.globals().get::<LuaValue>(name).ok()? {
        LuaValue::Table(table) => Some(table),
        _ => None,
    }
}

fn keys(table: &Table) -> Vec<String> {
    let pairs = table.pairs::<LuaValue, LuaValue>().flatten();
    pairs.filter_map(|(key, _)| key.as_string().map(|key| key.to_string_lossy())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_line_are_found_and_texts_are_not() {
        let found = chains("call:say(config.door .. \"a.b\" .. x.y(phone.prase)) -- json.x");
        assert_eq!(found, [vec!["config", "door"], vec!["x", "y"], vec!["phone", "prase"]]);
        assert_eq!(chains("call.legs[\"LEG_B\"]:say 'x'"), [vec!["call", "legs", "LEG_B"]]);
        assert!(chains("a = f():b.c 'it\\'s x.y' 5").is_empty());
        assert!(chains("é.b \"").is_empty());
    }
}
