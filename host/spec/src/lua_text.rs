//! Texts and values as Lua writes them.

use std::fmt::Write as _;

use serde_json::Value;

/// A text as Lua writes it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\{:03}", letter as u32);
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// A value as Lua writes it.
pub(crate) fn lua(value: &Value) -> String {
    match value {
        Value::Null => "nil".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(list) => {
            let items: Vec<_> = list.iter().map(lua).collect();
            format!("json.array({{ {} }})", items.join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            let fields: Vec<_> =
                fields.map(|(name, value)| format!("{} = {}", key(name), lua(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

/// Words that Lua keeps for itself.
const KEYWORDS: [&str; 22] = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local",
    "nil", "not", "or", "repeat", "return", "then", "true", "until", "while", "continue",
];

/// The name of a field as Lua writes it.
fn key(name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !KEYWORDS.contains(&name);
    if is_plain { name.to_owned() } else { format!("[{}]", quoted(name)) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_and_values_are_written_as_lua_reads_them() {
        let value = json!({"a": "x\"\n\u{1}", "end": [1, true, null], "b-c": {}});
        let text = lua(&value);
        assert_eq!(
            text,
            "{ a = \"x\\\"\\n\\001\", [\"end\"] = json.array({ 1, true, nil }), [\"b-c\"] = {} }"
        );
        let engine = mlua::Lua::new();
        engine.globals().set("json", engine.create_table().unwrap()).unwrap();
        engine.load("json.array = function(list) return list end").exec().unwrap();
        let read: String = engine.load(format!("return ({text}).a")).eval().unwrap();
        assert_eq!(read, "x\"\n\u{1}");
    }
}
