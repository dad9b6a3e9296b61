//! From Lua to JSON: raw access only, so no trap of a script runs, and never more work than the
//! budget allows.

use mlua::{Table, Value as LuaValue};
use moonring_flow::truncate;
use serde_json::{Map, Number, Value};

/// What one conversion may read.
#[derive(Debug, Clone, Copy)]
struct Budget {
    /// Values, tables and what is in them.
    nodes: usize,
    /// Bytes of all texts and keys.
    bytes: usize,
}

/// Of one value of a script's.
const VALUE: Budget = Budget { nodes: 10_000, bytes: 256 * 1024 };
/// Of all requests that a script makes at the same time. Each was within its own budget when its
/// helper read it.
const REQUESTS: Budget = Budget { nodes: 50_000, bytes: 1024 * 1024 };
/// Tables inside tables.
const DEPTH: usize = 32;

/// Why a Lua value cannot be said in JSON.
#[derive(Debug)]
pub(crate) enum Unsayable {
    /// Where in the value, what came and what was wanted, for the author.
    Refused(String),
    /// The same of what a script got from a table, a caller or a network as likely as from its
    /// author: the call goes on.
    Unusable(String),
    /// Lua failed while it was read; memory, in practice.
    Lua(mlua::Error),
}

impl Unsayable {
    /// A refusal of what carries data.
    pub(crate) fn of_data(self) -> Self {
        match self {
            Self::Refused(message) => Self::Unusable(message),
            other => other,
        }
    }
}

impl From<mlua::Error> for Unsayable {
    fn from(error: mlua::Error) -> Self {
        Self::Lua(error)
    }
}

/// A Lua value as a JSON value. `list_mark` is the metatable of lists that may be empty; an
/// unmarked empty table is an object. `what` names the value in messages.
pub(crate) fn from_lua(
    value: &LuaValue,
    list_mark: &Table,
    what: &str,
) -> Result<Value, Unsayable> {
    Conversion::new(list_mark, VALUE).value(value, &Path { name: what, above: None }, 0)
}

/// All requests that a script makes at the same time, as a JSON list.
pub(crate) fn requests_from_lua(
    requests: &LuaValue,
    list_mark: &Table,
) -> Result<Value, Unsayable> {
    Conversion::new(list_mark, REQUESTS).value(requests, &Path { name: "requests", above: None }, 0)
}

struct Conversion<'a> {
    list_mark: &'a Table,
    /// What is left of the budget.
    left: Budget,
    budget: Budget,
}

impl<'a> Conversion<'a> {
    fn new(list_mark: &'a Table, budget: Budget) -> Self {
        Self { list_mark, left: budget, budget }
    }

    fn value(&mut self, value: &LuaValue, path: &Path, depth: usize) -> Result<Value, Unsayable> {
        let left = self.left.nodes.checked_sub(1);
        self.left.nodes = left.ok_or_else(|| {
            refused(path, format!("it holds more than {} values", self.budget.nodes))
        })?;
        match value {
            LuaValue::Nil => Ok(Value::Null),
            LuaValue::Boolean(flag) => Ok(Value::Bool(*flag)),
            LuaValue::Integer(number) => Ok(Value::from(*number)),
            LuaValue::Number(number) => to_number(*number).ok_or_else(|| {
                refused(path, format!("{number} is not a number that JSON can hold"))
            }),
            LuaValue::String(_) => Ok(Value::String(self.text(value, path)?)),
            LuaValue::Table(table) if depth >= DEPTH => {
                let _ = table;
                Err(refused(
                    path,
                    format!("tables are nested deeper than {DEPTH}, or contain themselves"),
                ))
            }
            LuaValue::Table(table) => self.table(table, path, depth + 1),
            other => Err(refused(path, format!("a {} cannot be sent", other.type_name()))),
        }
    }

    fn table(&mut self, table: &Table, path: &Path, depth: usize) -> Result<Value, Unsayable> {
        let length = table.raw_len();
        if length == 0 && !self.is_list(table) {
            self.object(table, path, depth)
        } else {
            self.list(table, length, path, depth)
        }
    }

    fn is_list(&self, table: &Table) -> bool {
        table.metatable().is_some_and(|found| found == *self.list_mark)
    }

    fn object(&mut self, table: &Table, path: &Path, depth: usize) -> Result<Value, Unsayable> {
        let mut fields = Map::new();
        for pair in table.pairs::<LuaValue, LuaValue>() {
            let (key, value) = pair?;
            let LuaValue::String(_) = &key else {
                return Err(refused(
                    path,
                    format!(
                        "the key {} is not a string, and the table is not a list",
                        describe(&key)
                    ),
                ));
            };
            let key = self.text(&key, path)?;
            let value = self.value(&value, &Path { name: &key, above: Some(path) }, depth)?;
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }

    fn list(
        &mut self,
        table: &Table,
        length: usize,
        path: &Path,
        depth: usize,
    ) -> Result<Value, Unsayable> {
        // The budget first: a list of a million items is refused before it is read.
        if length > self.left.nodes {
            return Err(refused(path, format!("it holds more than {} values", self.budget.nodes)));
        }
        let mut items = vec![Value::Null; length];
        let mut found = 0;
        for pair in table.pairs::<LuaValue, LuaValue>() {
            let (key, value) = pair?;
            let place = whole(&key)
                .and_then(|index| usize::try_from(index).ok()?.checked_sub(1))
                .filter(|index| *index < length);
            let Some(index) = place else {
                let text = format!(
                    "the table is a list of {length}, so its key {} does not fit; a list has no gaps and no names",
                    describe(&key)
                );
                return Err(refused(path, text));
            };
            found += 1;
            items[index] = self.value(
                &value,
                &Path { name: &format!("[{}]", index + 1), above: Some(path) },
                depth,
            )?;
        }
        if found < length {
            return Err(refused(
                path,
                format!("the list has gaps: {found} of its {length} items are there"),
            ));
        }
        Ok(Value::Array(items))
    }

    fn text(&mut self, value: &LuaValue, path: &Path) -> Result<String, Unsayable> {
        let LuaValue::String(text) = value else { return Err(refused(path, "no text".to_owned())) };
        let bytes = text.as_bytes();
        self.left.bytes = self.left.bytes.checked_sub(bytes.len()).ok_or_else(|| {
            refused(
                path,
                format!("its strings have more than {} bytes in total", self.budget.bytes),
            )
        })?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(refused(path, "the string is not valid UTF-8".to_owned())),
        }
    }
}

/// A number as JSON has it: whole where it is whole, and neither infinite nor "not a number".
pub(crate) fn to_number(number: f64) -> Option<Value> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[allow(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
        return Some(Value::from(number as i64));
    }
    Number::from_f64(number).map(Value::Number)
}

/// The whole number a Lua value is, if it is one.
pub(crate) fn whole(value: &LuaValue) -> Option<i64> {
    match value {
        LuaValue::Integer(number) => Some(*number),
        LuaValue::Number(number) => to_number(*number)?.as_i64(),
        _ => None,
    }
}

/// A text, number or boolean as text, as maps of texts take them; `None` for anything else.
pub(crate) fn text_of(value: &LuaValue) -> Option<String> {
    match value {
        LuaValue::String(text) => std::str::from_utf8(&text.as_bytes()).ok().map(str::to_owned),
        LuaValue::Boolean(flag) => Some(flag.to_string()),
        LuaValue::Integer(number) => Some(number.to_string()),
        LuaValue::Number(number) => to_number(*number).map(|number| number.to_string()),
        _ => None,
    }
}

/// A value in a message: its type, and what it is where that is short. Never an address.
pub(crate) fn describe(value: &LuaValue) -> String {
    match value {
        LuaValue::Nil => "nil".to_owned(),
        LuaValue::Boolean(flag) => flag.to_string(),
        LuaValue::String(text) => match std::str::from_utf8(&text.as_bytes()) {
            Ok(text) => format!("{:?}", truncate(text, 40)),
            Err(_) => "a string that is not UTF-8".to_owned(),
        },
        LuaValue::Integer(_) | LuaValue::Number(_) => {
            text_of(value).unwrap_or_else(|| "a number that is not finite".to_owned())
        }
        other => format!("a {}", other.type_name()),
    }
}

struct Path<'a> {
    name: &'a str,
    above: Option<&'a Path<'a>>,
}

impl Path<'_> {
    fn write(&self, into: &mut String) {
        if let Some(above) = self.above {
            above.write(into);
            if !self.name.starts_with('[') {
                into.push('.');
            }
        }
        into.push_str(&truncate(self.name, 60));
    }
}

fn refused(path: &Path, why: String) -> Unsayable {
    let mut text = String::new();
    path.write(&mut text);
    Unsayable::Refused(format!("{text}: {why}"))
}

#[cfg(test)]
mod tests {
    use mlua::Lua;
    use serde_json::json;

    use super::*;
    use crate::convert::to_lua;

    fn convert(expression: &str) -> Result<Value, String> {
        let lua = Lua::new();
        let mark = lua.create_table().unwrap();
        lua.globals().set("mark", &mark).unwrap();
        let value: LuaValue = lua.load(format!("return {expression}")).eval().unwrap();
        from_lua(&value, &mark, "x").map_err(|error| match error {
            Unsayable::Refused(message) | Unsayable::Unusable(message) => message,
            Unsayable::Lua(error) => panic!("{error}"),
        })
    }

    #[test]
    fn what_json_can_say_is_said() {
        for (expression, expected) in [
            (
                "{a = 1, b = 'two', c = true, d = {1, 2.5, {}}}",
                json!({"a": 1, "b": "two", "c": true, "d": [1, 2.5, {}]}),
            ),
            ("3.0", json!(3)),
            ("-0.0", json!(0)),
            ("2^53", json!(9_007_199_254_740_992_i64)),
            ("setmetatable({}, mark)", json!([])),
            ("{}", json!({})),
            (
                "setmetatable({1}, {__index = error, __len = error, __iter = error, __pairs = error})",
                json!([1]),
            ),
            ("nil", Value::Null),
        ] {
            assert_eq!(convert(expression), Ok(expected), "{expression}");
        }
    }

    #[test]
    fn what_json_cannot_say_is_refused_with_its_path() {
        for (expression, message) in [
            ("{a = {0/0}}", "x.a[1]: NaN is not a number that JSON can hold"),
            ("{a = 1/0}", "x.a: inf is not a number that JSON can hold"),
            ("{f = print}", "x.f: a function cannot be sent"),
            ("{a = coroutine.create(print)}", "x.a: a thread cannot be sent"),
            ("{a = '\\xff'}", "x.a: the string is not valid UTF-8"),
            ("{[1.5] = 1}", "x: the key 1.5 is not a string, and the table is not a list"),
            ("{[true] = 1}", "x: the key true is not a string, and the table is not a list"),
            (
                "{1, 2, a = 3}",
                "x: the table is a list of 2, so its key \"a\" does not fit; a list has no gaps and no names",
            ),
            (
                "{[1] = 1, [1000000000] = 2}",
                "x: the table is a list of 1, so its key 1000000000 does not fit; a list has no gaps and no names",
            ),
            ("{table.create(20000, 1)}", "x[1]: it holds more than 10000 values"),
            ("{string.rep('x', 300000)}", "x[1]: its strings have more than 262144 bytes in total"),
        ] {
            assert_eq!(convert(expression), Err(message.to_owned()), "{expression}");
        }
        let deep = "(function() local t = {} for i = 1, 10000 do t = {t} end return t end)()";
        assert!(
            convert(deep)
                .unwrap_err()
                .ends_with("tables are nested deeper than 32, or contain themselves")
        );
        let shared = "(function() local t = {1} for i = 1, 22 do t = {t, t} end return t end)()";
        assert!(convert(shared).unwrap_err().ends_with("it holds more than 10000 values"));
        let own = "(function() local t = {} t.t = t return t end)()";
        assert!(
            convert(own)
                .unwrap_err()
                .ends_with("tables are nested deeper than 32, or contain themselves")
        );
    }

    #[test]
    fn a_document_comes_back_as_it_went() {
        let lua = Lua::new();
        let mark = lua.create_table().unwrap();
        let document = json!({"a": [], "b": {}, "c": [[], {}, "ü"], "n": 12.5, "t": true});
        let value = to_lua(&lua, &mark, &document).unwrap();
        let Ok(back) = from_lua(&value, &mark, "x") else { panic!("refused") };
        assert_eq!(back, document);
    }
}
