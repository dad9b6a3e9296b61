//! Schemas as types of Luau.

use crate::schema::{Field, Kind, Schema};

/// The type of a table of options.
pub(super) struct Options(String);

impl Options {
    pub(super) fn of(schema: &Schema) -> Self {
        Self(table(schema))
    }

    /// The same, where a string may stand for the table.
    pub(super) fn with_text(self, schema: &Schema) -> String {
        match schema.text {
            Some(_) => format!("string | {}", self.0),
            None => self.0,
        }
    }
}

/// The type of a table.
pub(super) fn table(schema: &Schema) -> String {
    let fields: Vec<String> = schema.fields.iter().map(field).collect();
    format!("{{ {} }}", fields.join(", "))
}

fn field(field: &Field) -> String {
    let own = kind(&field.kind);
    let is_given = field.is_required && field.filled_in().is_none();
    let own = match (is_given, own.contains(" | ")) {
        (true, _) => own,
        (false, true) => format!("({own})?"),
        (false, false) if own == "any" => own,
        (false, false) => format!("{own}?"),
    };
    format!("{}: {own}", field.lua)
}

fn kind(kind_of: &Kind) -> String {
    match kind_of {
        Kind::Text { .. } => "string".to_owned(),
        Kind::Words(words) => words_of(words),
        Kind::Number { .. } | Kind::Seconds { .. } => "number".to_owned(),
        Kind::NumberOrText { .. } => "number | string".to_owned(),
        Kind::Flag => "boolean".to_owned(),
        Kind::FlagOrText(_) => "boolean | string".to_owned(),
        Kind::List { item, .. } => format!("{{ {} }}", kind(item)),
        Kind::Table(schema) => Options::of(schema).with_text(schema),
        Kind::Map { .. } => "{ [string]: string }".to_owned(),
        Kind::Parts { schemas, .. } => {
            let parts: Vec<String> = schemas.iter().map(table).collect();
            let one = format!("string | {}", parts.join(" | "));
            format!("{one} | {{ {one} }}")
        }
        Kind::Leg => "Leg | string".to_owned(),
        Kind::Choices | Kind::Choice { .. } | Kind::Anything | Kind::Any => "any".to_owned(),
    }
}

fn words_of(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    quoted.join(" | ")
}
