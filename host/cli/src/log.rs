//! Log lines for people: what scripts log, and what the host says of releases.

use std::fmt::Debug;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::printer::{Printer, printable};

/// Writes what scripts log and what goes wrong, from this level on, to standard error.
pub(crate) fn install(level: Level, printer: Printer) -> anyhow::Result<()> {
    let filter = Targets::new().with_default(LevelFilter::ERROR).with_target("moonring", level);
    Ok(tracing_subscriber::registry().with(Lines(printer).with_filter(filter)).try_init()?)
}

struct Lines(Printer);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        // The command prints the answer itself, and its error.
        if line.message == "event" || line.message == "the release is accepted" {
            return;
        }
        let level = event.metadata().level().as_str().to_lowercase();
        self.0.talk(&format!("{level}: {}{}", printable(&line.message), line.fields));
    }
}

/// The message and what a script logged with it; all else is for machines, or known at a terminal.
#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "fields_json" {
            self.fields = format!(" {value}");
        }
    }
}
