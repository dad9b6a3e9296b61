//! The shape of a table that scripts give to the host, read from the JSON schema of the wire type it becomes.

use serde_json::Value;

/// The fields of a table.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) fields: Vec<Field>,
}

/// One field of a table.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The service's name, e.g. `BucketName`.
    pub(crate) wire: String,
    /// The script's name, e.g. `bucket_name`.
    pub(crate) lua: String,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
    /// The wire name of a field that this one may not be smaller than.
    pub(crate) at_least: Option<String>,
}

/// What a field takes.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A text of so many characters.
    Text { min: usize, max: Option<usize> },
    /// One of some texts.
    Words(Vec<String>),
    /// A whole number.
    Number { min: i64, max: i64 },
    /// A whole number, as a number or as text.
    NumberOrText { min: i64, max: i64, words: Vec<String> },
    /// True or false.
    Flag,
    /// A list.
    List(Box<Kind>),
    /// A table with fields of its own.
    Table(Shape),
    /// Anything JSON can say: a schema this version cannot read closer.
    Any,
}

impl Shape {
    /// Reads the schema of an object.
    pub(crate) fn from_schema(schema: &Value) -> Self {
        let required: Vec<&str> = list(schema, "required").iter().filter_map(|name| name.as_str()).collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        let fields = properties.into_iter().flatten().map(|(wire, property)| Field {
            wire: wire.clone(),
            lua: text(property, "x-lua").map_or_else(|| snake_case(wire), str::to_owned),
            kind: Kind::from_schema(property),
            is_required: required.contains(&wire.as_str()),
            at_least: text(property, "x-at-least").map(str::to_owned),
        });
        Self { fields: fields.collect() }
    }

    pub(crate) fn field(&self, lua: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.lua == lua)
    }
}

impl Kind {
    fn from_schema(schema: &Value) -> Self {
        // An optional field is a choice between its own schema and null.
        let own = list(schema, "anyOf").iter().find(|choice| text(choice, "type") != Some("null"));
        let schema = own.unwrap_or(schema);
        let types = types(schema);
        let has = |name: &str| types.contains(&name);
        let words = words(schema);
        let max = if text(schema, "format") == Some("uint32") { i64::from(u32::MAX) } else { i64::MAX };
        let min = schema.get("minimum").and_then(Value::as_i64).unwrap_or(0);
        let length =
            |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
        match () {
            () if has("integer") && has("string") => Self::NumberOrText { min, max, words },
            () if !words.is_empty() => Self::Words(words),
            () if has("integer") => Self::Number { min, max },
            () if has("string") => Self::Text { min: length("minLength").unwrap_or(0), max: length("maxLength") },
            () if has("boolean") => Self::Flag,
            () if has("array") => Self::List(Box::new(schema.get("items").map_or(Self::Any, Self::from_schema))),
            () if schema.get("properties").is_some() => Self::Table(Shape::from_schema(schema)),
            () => Self::Any,
        }
    }

    /// What is wanted, as the end of `wanted …`.
    pub(crate) fn wanted(&self) -> String {
        match self {
            Self::Text { min: 0, max: None } => "a text".to_owned(),
            Self::Text { min, max: None } => format!("a text of {min} or more characters"),
            Self::Text { min, max: Some(max) } => format!("a text of {min} to {max} characters"),
            Self::Words(words) => quoted(words),
            Self::Number { min, max: i64::MAX } => format!("a whole number of {min} or more"),
            Self::Number { min, max } if *max == i64::from(u32::MAX) => format!("a whole number of {min} or more"),
            Self::Number { min, max } => format!("a whole number from {min} to {max}"),
            Self::NumberOrText { words, .. } if !words.is_empty() => {
                format!("{}, or one of them as a number", quoted(words))
            }
            Self::NumberOrText { min, .. } => format!("a whole number of {min} or more, or the same as text"),
            Self::Flag => "true or false".to_owned(),
            Self::List(item) => format!("a list, each item {}", item.wanted()),
            Self::Table(shape) => {
                let names: Vec<_> = shape
                    .fields
                    .iter()
                    .filter(|field| field.filled_in().is_none())
                    .map(|field| field.lua.as_str())
                    .collect();
                format!("a table {{{} = …}}", names.join(" = …, "))
            }
            Self::Any => "a value JSON knows".to_owned(),
        }
    }
}

impl Field {
    /// The value of a required field that has only one.
    pub(crate) fn filled_in(&self) -> Option<&str> {
        match &self.kind {
            Kind::Words(words) if self.is_required && words.len() == 1 => words.first().map(String::as_str),
            _ => None,
        }
    }
}

fn quoted(words: &[String]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn words(schema: &Value) -> Vec<String> {
    let constants = list(schema, "oneOf").iter().filter_map(|choice| text(choice, "const"));
    list(schema, "enum").iter().filter_map(Value::as_str).chain(constants).map(str::to_owned).collect()
}

fn list<'a>(schema: &'a Value, key: &str) -> &'a [Value] {
    schema.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(schema: &'a Value, key: &str) -> Option<&'a str> {
    schema.get(key)?.as_str()
}

/// `BucketName` to `bucket_name`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, character) in name.char_indices() {
        if character.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
