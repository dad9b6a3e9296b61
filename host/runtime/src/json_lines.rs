//! Log lines: one JSON object each.
//!
//! Lines are written straight from the fields of an event into one buffer that is used again: by
//! way of a map, a line took more than twice as many instructions. Spans are not recorded, since no
//! line has anything of them.

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::io::Write as _;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};

/// The first word of the targets of the host's own lines.
const OWN: [&str; 2] = ["moonring", "bootstrap"];

/// Makes a line of each event. Who makes it says where lines go.
#[derive(Debug)]
pub struct JsonLines<W> {
    level: Level,
    write: W,
}

impl JsonLines<()> {
    /// A line of its own, past what may not be installed, or may be stuck.
    pub fn line(level: Level, message: &str) -> Vec<u8> {
        let mut line = Line::begin(Vec::new(), level);
        line.text("message", message);
        line.end()
    }
}

impl<W: Fn(Level, &[u8]) + Send + Sync + 'static> JsonLines<W> {
    /// Lines of what the host says from this level on, and of what its libraries warn of. `write`
    /// gets each line whole, with the end of the line, and its level.
    pub fn new(level: Level, write: W) -> Self {
        Self { level, write }
    }
}

thread_local! {
    /// The bytes of the last line, whose room the next one uses.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl<W: Fn(Level, &[u8]) + Send + Sync + 'static> Subscriber for JsonLines<W> {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let most = if is_own(metadata.target()) { self.level } else { Level::WARN };
        metadata.is_event() && *metadata.level() <= most
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::from_level(self.level.max(Level::WARN)))
    }

    fn event(&self, event: &Event<'_>) {
        let buffer = BUFFER.try_with(RefCell::take).unwrap_or_default();
        let mut line = Line::begin(buffer, *event.metadata().level());
        line.is_own = is_own(event.metadata().target());
        event.record(&mut line);
        let buffer = line.end();
        (self.write)(*event.metadata().level(), &buffer);
        let _ = BUFFER.try_with(|room| room.replace(buffer));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn is_own(target: &str) -> bool {
    OWN.iter().any(|own| target.starts_with(own))
}

/// One line, as far as it is written.
struct Line {
    bytes: Vec<u8>,
    /// Whether the host itself says it: its fields whose names end in `_json` are JSON text.
    is_own: bool,
}

impl Line {
    fn begin(buffer: Vec<u8>, level: Level) -> Self {
        let mut line = Self { bytes: buffer, is_own: false };
        line.bytes.clear();
        line.bytes.extend_from_slice(b"{\"level\":\"");
        line.bytes.extend_from_slice(level.as_str().as_bytes());
        line.bytes.push(b'"');
        line
    }

    fn name(&mut self, name: &str) {
        self.bytes.extend_from_slice(b",\"");
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(b"\":");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        // A string is always JSON, and the buffer takes all of it.
        let _ = serde_json::to_writer(&mut self.bytes, text);
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(b"}\n");
        self.bytes
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        let _ = write!(text, "{value:?}");
        self.text(field.name(), &text);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name().strip_suffix("_json").filter(|_| self.is_own) {
            // The fields of the line itself: what is between the braces.
            Some("line") => {
                let fields = value.get(1..value.len().saturating_sub(1)).unwrap_or_default();
                if !fields.is_empty() {
                    self.bytes.push(b',');
                    self.bytes.extend_from_slice(fields.as_bytes());
                }
            }
            Some(name) => {
                self.name(name);
                self.bytes.extend_from_slice(value.as_bytes());
            }
            None => self.text(field.name(), value),
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.name(field.name());
        let _ = write!(self.bytes, "{value}");
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use serde_json::{Value, json};

    use super::*;

    thread_local! {
        static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }

    fn written(say: impl FnOnce()) -> Vec<Value> {
        let write = |_, line: &[u8]| LINES.with_borrow_mut(|lines| lines.extend_from_slice(line));
        tracing::subscriber::with_default(JsonLines::new(Level::INFO, write), say);
        let lines = String::from_utf8(LINES.take()).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn whatever_a_field_holds_its_line_is_one_json_object() {
        let text = "a\"b\\c\u{0}\n\u{2028}é";
        let lines = written(|| {
            tracing::info!(call = text, sequence = 5_u64, missing = None::<&str>, "event");
            tracing::warn!(
                fields_json = r#"{"a":[1]}"#,
                line_json = r#"{"x":1,"y":"z"}"#,
                "metric"
            );
            tracing::warn!(line_json = "{}", answer = ?Some(1), "{text}");
        });
        assert_eq!(
            lines,
            [
                json!({"level": "INFO", "message": "event", "call": text, "sequence": 5}),
                json!({"level": "WARN", "message": "metric", "fields": {"a": [1]}, "x": 1, "y": "z"}),
                json!({"level": "WARN", "message": text, "answer": "Some(1)"}),
            ]
        );
    }

    #[test]
    fn what_others_say_is_heard_from_warnings_on_and_is_no_json_of_ours() {
        let lines = written(|| {
            tracing::debug!("not at this level");
            tracing::info!(target: "hyper", "not of others");
            tracing::warn!(target: "hyper", line_json = "}{", "a warning");
            tracing::info_span!("span")
                .in_scope(|| tracing::info!(target: "bootstrap", "in a span"));
        });
        assert_eq!(
            lines,
            [
                json!({"level": "WARN", "message": "a warning", "line_json": "}{"}),
                json!({"level": "INFO", "message": "in a span"}),
            ]
        );
        let line = String::from_utf8(JsonLines::line(Level::ERROR, "alone")).unwrap();
        assert_eq!(line, "{\"level\":\"ERROR\",\"message\":\"alone\"}\n");
    }
}
