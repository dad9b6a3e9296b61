//! Log lines: one JSON object each, on standard output, where Lambda collects them.
//!
//! Lines are written straight from the fields of an event into one buffer that is used again:
//! nothing else of a warm event costs as much as its line. Spans are not recorded, since no line
//! has anything of them.

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

/// Writes what the host says from this level on, and what its libraries warn of.
pub(crate) fn install(level: Level) -> anyhow::Result<()> {
    Ok(tracing::subscriber::set_global_default(JsonLines { level })?)
}

/// Writes one line without the help of what may not be installed, or may be stuck.
pub(crate) fn write_line(level: Level, message: &str) {
    let mut line = Line::begin(Vec::new(), level);
    line.text("message", message);
    line.print();
}

/// Writes each event as a line.
struct JsonLines {
    /// The least that the host's own lines must be to be written.
    level: Level,
}

thread_local! {
    /// The bytes of the last line, whose room the next one uses.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Subscriber for JsonLines {
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
        let buffer = line.print();
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

    /// Ends the line and writes it, in one piece. The buffer, to be used again.
    fn print(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(b"}\n");
        // A log that cannot be written is no reason to leave a caller without an answer.
        let _ = std::io::stdout().lock().write_all(&self.bytes);
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
