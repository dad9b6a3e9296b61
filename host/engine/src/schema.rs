//! The schema of a table that scripts give to the host, read from the JSON schema of the wire type
//! it becomes.

use serde_json::Value;

use crate::string_format::StringFormat;

/// The fields of a table.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    pub(crate) fields: Vec<Field>,
    /// Where one field is given, another must have a certain value.
    pub(crate) implication: Option<Implication>,
    /// The field that a text stands for, where one may be given instead of the table.
    pub(crate) text: Option<String>,
}

/// "Where this is given, that must be so."
#[derive(Debug, Clone)]
pub(crate) struct Implication {
    /// The wire name of the field that is given.
    pub(crate) given: String,
    /// The way to the other one, in wire names.
    pub(crate) then: Vec<String>,
    /// The value it must have.
    pub(crate) is: String,
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
    /// The most bytes the field may have as JSON.
    pub(crate) json_bytes: Option<usize>,
    /// Whether it carries data, such as a number or a text, and configures nothing: what cannot be
    /// used of it is no misuse.
    pub(crate) is_data: bool,
}

/// What a field takes.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A text of so many characters, of some form.
    Text { min: usize, max: Option<usize>, form: Option<StringFormat> },
    /// One of some texts.
    Words(Vec<String>),
    /// A whole number.
    Number { min: i64, max: i64 },
    /// A whole number, as a number or as text; only certain ones where `words` has any.
    NumberOrText { min: i64, max: i64, words: Vec<String> },
    /// True or false.
    Flag,
    /// True or false, as a boolean or as one of some texts.
    FlagOrText(Vec<String>),
    /// A list of so many items.
    List { item: Box<Kind>, min: usize, max: Option<usize> },
    /// A table with fields of its own.
    Table(Schema),
    /// A table whose fields depend on one of them: its wire name, and a schema for each of its
    /// values.
    Choice { tag: String, schemas: Vec<(String, Schema)> },
    /// A map of texts whose keys are the author's.
    Map { form: Option<StringFormat> },
    /// A prompt in one part or in a list of several; each part is a table of one of two schemas. A
    /// string, in the list or in its place, is that of the first.
    Parts { schemas: Vec<Schema>, max: usize },
    /// Seconds, whole or not.
    Seconds { min: f64, max: f64 },
    /// A leg of the call; what is passed on is its id.
    Leg,
    /// A table whose keys are keys of a telephone; its values are the author's.
    Choices,
    /// Anything at all; it is not passed on.
    Anything,
    /// Anything JSON can say: a JSON schema this version cannot read closer.
    Any,
}

/// The JSON schema of a table that scripts write, from the type that says what it takes.
pub(crate) fn json_schema_of<T: schemars::JsonSchema>() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let generator = settings.with(|settings| settings.inline_subschemas = true).into_generator();
    generator.into_root_schema_for::<T>().to_value()
}

impl Schema {
    /// The schema of a table that scripts write, from the type that says what it takes.
    pub(crate) fn of<T: schemars::JsonSchema>() -> Self {
        Self::from_schema(&json_schema_of::<T>())
    }

    /// Reads the JSON schema of an object.
    pub(crate) fn from_schema(json_schema: &Value) -> Self {
        let required: Vec<&str> =
            list(json_schema, "required").iter().filter_map(|name| name.as_str()).collect();
        let properties = json_schema.get("properties").and_then(Value::as_object);
        let fields = properties.into_iter().flatten().map(|(wire, property)| Field {
            wire: wire.clone(),
            lua: text(property, "x-lua").map_or_else(|| snake_case(wire), str::to_owned),
            kind: Kind::from_schema(property),
            is_required: required.contains(&wire.as_str()),
            at_least: text(property, "x-at-least").map(str::to_owned),
            json_bytes: size(property, "x-json-bytes"),
            is_data: property.get("x-data").is_some(),
        });
        let implication = Implication::from_schema(json_schema);
        Self {
            fields: fields.collect(),
            implication,
            text: text(json_schema, "x-text").map(str::to_owned),
        }
    }
}

impl Kind {
    fn from_schema(json_schema: &Value) -> Self {
        let json_schema = &without_null(json_schema);
        let types = types(json_schema);
        let has = |name: &str| types.contains(&name);
        let words = words(json_schema);
        let default_max = if text(json_schema, "format") == Some("uint32") {
            i64::from(u32::MAX)
        } else {
            i64::MAX
        };
        let max = json_schema.get("maximum").and_then(Value::as_i64).unwrap_or(default_max);
        let min = json_schema.get("minimum").and_then(Value::as_i64).unwrap_or(0);
        let form = text(json_schema, "x-form").and_then(StringFormat::from_name);
        match () {
            () if text(json_schema, "x-form") == Some("leg") => Self::Leg,
            () if text(json_schema, "x-form") == Some("choices") => Self::Choices,
            () if text(json_schema, "x-form") == Some("anything") => Self::Anything,
            () if text(json_schema, "x-parts").is_some() => Self::parts(json_schema),
            () if has("number") => {
                let bound = |name: &str| json_schema.get(name).and_then(Value::as_f64);
                Self::Seconds {
                    min: bound("minimum").unwrap_or(0.0),
                    max: bound("maximum").unwrap_or(f64::MAX),
                }
            }
            () if has("integer") && has("string") => Self::NumberOrText { min, max, words },
            () if has("boolean") && has("string") => Self::FlagOrText(words),
            () if !words.is_empty() => Self::Words(words),
            () if has("integer") => Self::Number { min, max },
            () if has("string") => Self::Text {
                min: size(json_schema, "minLength").unwrap_or(0),
                max: size(json_schema, "maxLength"),
                form,
            },
            () if has("boolean") => Self::Flag,
            () if has("array") => Self::List {
                item: Box::new(json_schema.get("items").map_or(Self::Any, Self::from_schema)),
                min: size(json_schema, "minItems").unwrap_or(0),
                max: size(json_schema, "maxItems"),
            },
            () if json_schema.get("oneOf").is_some() => Self::choice(json_schema),
            () if json_schema.get("properties").is_some() => {
                Self::Table(Schema::from_schema(json_schema))
            }
            () if json_schema.get("additionalProperties").is_some_and(Value::is_object) => {
                Self::Map { form }
            }
            () => Self::Any,
        }
    }

    /// A list of prompts and audio files; `x-parts` is the field that a string stands for.
    fn parts(json_schema: &Value) -> Self {
        let items = json_schema.get("items").map_or(&[][..], |items| list(items, "anyOf"));
        let mut schemas: Vec<_> = items.iter().map(Schema::from_schema).collect();
        schemas.sort_by_key(|schema| schema.text.as_deref() != text(json_schema, "x-parts"));
        Self::Parts { schemas, max: size(json_schema, "maxItems").unwrap_or(usize::MAX) }
    }

    /// A choice of objects, each with a field that has only one value.
    fn choice(json_schema: &Value) -> Self {
        let mut tag = String::new();
        let mut schemas = Vec::new();
        for option in list(json_schema, "oneOf") {
            let properties = option.get("properties").and_then(Value::as_object);
            let constant = properties.and_then(|properties| {
                properties.iter().find_map(|(name, property)| {
                    Some((name.clone(), text(property, "const")?.to_owned()))
                })
            });
            let Some((name, value)) = constant else { return Self::Any };
            tag = name;
            schemas.push((value, Schema::from_schema(option)));
        }
        Self::Choice { tag, schemas }
    }

    /// What is wanted, as the end of `wanted …`.
    pub(crate) fn wanted(&self) -> String {
        match self {
            Self::Text { form: Some(form), max: Some(max), .. } => {
                format!("{}, at most {max} characters", form.wanted())
            }
            Self::Text { form: Some(form), .. } => form.wanted().to_owned(),
            Self::Text { min: 0, max: None, .. } => "a string".to_owned(),
            Self::Text { min, max: None, .. } => format!("a string of {min} or more characters"),
            Self::Text { min, max: Some(max), .. } => format!("a string of {min} to {max} characters"),
            Self::Words(words) => quoted(words),
            Self::Number { min, max: i64::MAX } => format!("a whole number of {min} or more"),
            Self::Number { min, max } if *max == i64::from(u32::MAX) => format!("a whole number of {min} or more"),
            Self::Number { min, max } => format!("a whole number from {min} to {max}"),
            Self::NumberOrText { words, .. } if !words.is_empty() => {
                format!("{}, or one of them as a number", quoted(words))
            }
            Self::NumberOrText { min, max: i64::MAX, .. } => {
                format!("a whole number of {min} or more, or the same as a string")
            }
            Self::NumberOrText { min, max, .. } => {
                format!("a whole number from {min} to {max}, or the same as a string")
            }
            Self::Flag => "true or false".to_owned(),
            Self::FlagOrText(_) => "true or false".to_owned(),
            Self::List { item, min: 1, max: Some(1) } => format!("a list of one item, {}", item.wanted()),
            Self::List { item, min, max: Some(max) } => {
                format!("a list of {min} to {max} items, each {}", item.wanted())
            }
            Self::List { item, .. } => format!("a list, each item {}", item.wanted()),
            Self::Choice { tag, schemas } => {
                let words: Vec<String> = schemas.iter().map(|(word, _)| word.clone()).collect();
                format!("a table whose {} is {}", snake_case(tag), quoted(&words))
            }
            Self::Map { form: Some(form) } => form.wanted().to_owned(),
            Self::Map { form: None } => "a table of strings".to_owned(),
            Self::Seconds { min, max } if *max >= f64::MAX => format!("seconds, {min} or more"),
            Self::Seconds { min, max } => format!("seconds, {min} to {max}"),
            Self::Leg => "a leg, such as call.legs[\"LEG-B\"]".to_owned(),
            Self::Choices => {
                "a table with digits as keys, such as { [\"1\"] = \"sales\", [\"2\"] = \"support\" }".to_owned()
            }
            Self::Anything => "any value".to_owned(),
            Self::Parts { schemas, max } => {
                let one = schemas.first().cloned().map(|schema| Self::Table(schema).wanted());
                format!("{}; or a list of up to {max} prompts and audio files", one.unwrap_or_default())
            }
            Self::Table(schema) if schema.text.is_some() => {
                let names: Vec<_> = schema.fields.iter().map(|field| field.lua.as_str()).collect();
                format!("a string, or a table {{{} = …}}", names.join(" = …, "))
            }
            Self::Table(schema) => {
                let names: Vec<_> = schema
                    .fields
                    .iter()
                    .filter(|field| field.filled_in().is_none())
                    .map(|field| field.lua.as_str())
                    .collect();
                format!("a table {{{} = …}}", names.join(" = …, "))
            }
            Self::Any => "a value that JSON can hold".to_owned(),
        }
    }
}

impl Field {
    /// The value of a required field that has only one.
    pub(crate) fn filled_in(&self) -> Option<&str> {
        match &self.kind {
            Kind::Words(words) if self.is_required && words.len() == 1 => {
                words.first().map(String::as_str)
            }
            _ => None,
        }
    }
}

impl Implication {
    fn from_schema(json_schema: &Value) -> Option<Self> {
        let part = |key| text(json_schema, key);
        let then = part("x-then")?.split('.').map(str::to_owned).collect();
        Some(Self { given: part("x-if")?.to_owned(), then, is: part("x-is")?.to_owned() })
    }
}

pub(crate) fn quoted(words: &[String]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// An optional field is a choice between its own JSON schema and null; what is said beside the
/// choice narrows it.
fn without_null(json_schema: &Value) -> Value {
    let own = list(json_schema, "anyOf").iter().find(|choice| text(choice, "type") != Some("null"));
    let mut merged = own.unwrap_or(json_schema).clone();
    if let (Some(_), Value::Object(merged), Value::Object(beside)) = (own, &mut merged, json_schema)
    {
        let narrower = beside.iter().filter(|(key, _)| *key != "anyOf");
        merged.extend(narrower.map(|(key, value)| (key.clone(), value.clone())));
        if merged.contains_key("enum") {
            merged.remove("oneOf");
        }
    }
    merged
}

fn types(json_schema: &Value) -> Vec<&str> {
    match json_schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn words(json_schema: &Value) -> Vec<String> {
    let constants = list(json_schema, "oneOf").iter().filter_map(|choice| text(choice, "const"));
    let own = text(json_schema, "const");
    list(json_schema, "enum")
        .iter()
        .filter_map(Value::as_str)
        .chain(own)
        .chain(constants)
        .map(str::to_owned)
        .collect()
}

fn list<'a>(json_schema: &'a Value, key: &str) -> &'a [Value] {
    json_schema.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn size(json_schema: &Value, key: &str) -> Option<usize> {
    json_schema.get(key).and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok())
}

fn text<'a>(json_schema: &'a Value, key: &str) -> Option<&'a str> {
    json_schema.get(key)?.as_str()
}

/// The name of a field as scripts write it: `BucketName` becomes `bucket_name`.
pub fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, character) in name.char_indices() {
        if character.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
