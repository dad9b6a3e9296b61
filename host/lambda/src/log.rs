//! Log lines: one JSON object each, on standard output, where Lambda collects them.

use std::io::Write as _;

use moonring_runtime::EventFields;
use serde_json::{Map, Value};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Writes what the host says from this level on, and what its libraries warn of.
pub(crate) fn install(level: Level) -> anyhow::Result<()> {
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("moonring", level)
        .with_target("bootstrap", level);
    Ok(tracing_subscriber::registry().with(JsonLines.with_filter(filter)).try_init()?)
}

/// Writes one line without the help of what may not be installed, or may be stuck.
pub(crate) fn write_line(level: Level, message: &str) {
    print(&Map::from_iter([
        ("level".to_owned(), Value::from(level.as_str())),
        ("message".to_owned(), Value::from(message)),
    ]));
}

struct JsonLines;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for JsonLines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = EventFields::default();
        fields.0.insert("level".to_owned(), Value::from(event.metadata().level().as_str()));
        event.record(&mut fields);
        print(&fields.0);
    }
}

fn print(fields: &Map<String, Value>) {
    if let Ok(mut line) = serde_json::to_vec(fields) {
        line.push(b'\n');
        // A log that cannot be written is no reason to leave a caller without an answer.
        let _ = std::io::stdout().lock().write_all(&line);
    }
}
