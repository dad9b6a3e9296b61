//! What CloudWatch counts of calls, in its embedded metric format: at the end of each call, at each
//! failure, and at the first event of a process.

use std::time::{SystemTime, UNIX_EPOCH};

use moonring_wire::Event;
use serde_json::{Map, Value, json};

/// What is counted of an event.
pub(crate) struct CallMetrics<'a> {
    pub(crate) event: &'a Event,
    /// Whether nobody is on the line any more.
    pub(crate) is_over: bool,
    /// Whether the caller heard the fallback.
    pub(crate) has_failed: bool,
    /// Whether it is the first event of the process.
    pub(crate) is_cold: bool,
    pub(crate) now: SystemTime,
    pub(crate) script: Option<&'a str>,
    pub(crate) release: Option<&'a str>,
}

impl CallMetrics<'_> {
    /// Writes the line, where there is something to count.
    pub(crate) fn write(&self) {
        if let Some(record) = self.record() {
            let line_json = record.to_string();
            tracing::info!(call = self.event.call_id(), line_json, "metric");
        }
    }

    /// The metrics without dimensions: each set of dimensions is a metric that is paid for. Release and
    /// script are fields, which queries of the log find.
    fn record(&self) -> Option<Value> {
        let now = self.now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let now = u64::try_from(now).unwrap_or(0);
        let mut counted: Vec<Metric> = Vec::new();
        let mut count = |name, unit, value| counted.push(Metric { name, unit, value });
        if self.is_over {
            count("Calls", "Count", 1);
            count("Invocations", "Count", self.event.sequence().unwrap_or(1));
            let began = self.event.first_leg().and_then(|leg| leg.started_at_ms()?.parse().ok());
            count("Duration", "Milliseconds", now.saturating_sub(began.unwrap_or(now)));
            count("JournalCharacters", "Count", self.journal_characters());
        }
        if self.has_failed {
            count("Fallbacks", "Count", 1);
        }
        if self.is_cold {
            count("ColdStarts", "Count", 1);
        }
        if counted.is_empty() {
            return None;
        }
        let names: Vec<Value> =
            counted.iter().map(|one| json!({"Name": one.name, "Unit": one.unit})).collect();
        let mut record = Map::new();
        record.insert(
            "_aws".to_owned(),
            json!({"Timestamp": now, "CloudWatchMetrics": [
                {"Namespace": "Moonring", "Dimensions": [[]], "Metrics": names}]}),
        );
        for Metric { name, value, .. } in counted {
            record.insert(name.to_owned(), json!(value));
        }
        for (name, value) in [("script", self.script), ("release", self.release)] {
            record.extend(value.map(|value| (name.to_owned(), json!(value))));
        }
        Some(Value::Object(record))
    }

    /// The characters of the journal that came with the event.
    fn journal_characters(&self) -> u64 {
        let attributes = self.event.attributes().into_iter().flat_map(|all| all.iter());
        let own = attributes.filter(|(name, _)| name.starts_with("_mr"));
        let characters = own.filter_map(|(_, value)| value.as_str());
        let characters = characters.map(|text| text.chars().count()).sum::<usize>();
        u64::try_from(characters).unwrap_or(u64::MAX)
    }
}

struct Metric {
    name: &'static str,
    unit: &'static str,
    value: u64,
}
