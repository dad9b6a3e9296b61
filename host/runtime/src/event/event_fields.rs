//! What a tracing event of the host says, as JSON: for those who write its lines.

use std::fmt::Debug;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};

/// The fields of an event, by name. A field whose name ends in `_json` is unfolded: `line_json`
/// into fields of the line itself, any other under its name without the ending.
#[derive(Debug, Default)]
pub struct EventFields(pub Map<String, Value>);

impl Visit for EventFields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), Value::from(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // What scripts log comes as JSON text in a field that says so.
        let unfolded = field
            .name()
            .strip_suffix("_json")
            .and_then(|name| Some((name, serde_json::from_str(value).ok()?)));
        match unfolded {
            Some(("line", Value::Object(fields))) => self.0.extend(fields),
            Some((name, value)) => drop(self.0.insert(name.to_owned(), value)),
            None => drop(self.0.insert(field.name().to_owned(), Value::from(value))),
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), Value::from(value));
    }
}
