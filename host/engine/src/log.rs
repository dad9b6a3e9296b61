//! What scripts log: records handed outward, within a budget per event.

use moonring_flow::truncate;
use serde_json::Value;

/// How much a record matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// For the author while writing.
    Debug,
    /// What happened.
    Info,
    /// Something to look at.
    Warn,
    /// Something that went wrong.
    Error,
}

impl LogLevel {
    pub(crate) const ALL: [(&str, Self); 4] = [
        ("debug", Self::Debug),
        ("info", Self::Info),
        ("warn", Self::Warn),
        ("error", Self::Error),
    ];

    /// The level of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, level)| *level)
    }

    /// Its name, as scripts write it.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, level)| *level == self).map_or("", |(name, _)| name)
    }
}

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRecord {
    /// How much it matters.
    pub level: LogLevel,
    /// The author's text, cut to 2 KB.
    pub message: String,
    /// The author's fields; null where none were given.
    pub fields: Value,
    /// What it is.
    pub kind: LogKind,
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogKind {
    /// A text of the author's.
    #[default]
    Text,
    /// A metric: its fields are in CloudWatch's embedded metric format.
    Metric,
    /// A function given to `on_hangup` failed.
    HookFailure,
    /// Data of a call could not be used, and what it was for is skipped or fails.
    RefusedData,
}

impl LogKind {
    /// Whether it is a line that an author reads: a text, or what became of data.
    pub fn is_line(self) -> bool {
        matches!(self, Self::Text | Self::RefusedData)
    }
}

/// The records of one event. A script that logs without end fills its budget and is then cut off,
/// with one record that says so.
#[derive(Debug, Default)]
pub(crate) struct LogBook {
    records: Vec<LogRecord>,
    count: usize,
    bytes: usize,
    is_full: bool,
}

const RECORDS: usize = 100;
const BYTES: usize = 16 * 1024;
const MESSAGE_BYTES: usize = 2 * 1024;

impl LogBook {
    /// Adds a metric.
    pub(crate) fn add_metric(&mut self, level: LogLevel, fields: Value, field_bytes: usize) {
        self.add(level, "metric", fields, field_bytes);
        if let Some(record) = self.records.last_mut().filter(|_| !self.is_full) {
            record.kind = LogKind::Metric;
        }
    }

    /// Adds that a function given to `on_hangup` failed.
    pub(crate) fn add_hook_failure(&mut self, message: &str) {
        self.add(LogLevel::Error, message, Value::Null, 0);
        if let Some(record) = self.records.last_mut().filter(|_| !self.is_full) {
            record.kind = LogKind::HookFailure;
        }
    }

    /// Adds that data of the call could not be used.
    pub(crate) fn add_refused_data(&mut self, message: &str) {
        self.add(LogLevel::Warn, message, Value::Null, 0);
        if let Some(record) = self.records.last_mut().filter(|_| !self.is_full) {
            record.kind = LogKind::RefusedData;
        }
    }

    /// Adds a record; `field_bytes` is what its fields weigh.
    pub(crate) fn add(
        &mut self,
        level: LogLevel,
        message: &str,
        fields: Value,
        field_bytes: usize,
    ) {
        if self.is_full {
            return;
        }
        let message = truncate(message, MESSAGE_BYTES);
        self.bytes += message.len() + field_bytes;
        self.count += 1;
        if self.count > RECORDS || self.bytes > BYTES {
            self.is_full = true;
            let text = format!(
                "the script logged more than {RECORDS} records or {BYTES} bytes in one event; the rest is dropped"
            );
            self.records.push(LogRecord {
                level: LogLevel::Warn,
                message: text,
                fields: Value::Null,
                kind: LogKind::Text,
            });
        } else {
            self.records.push(LogRecord { level, message, fields, kind: LogKind::Text });
        }
    }

    /// The records so far; the budget goes on.
    pub(crate) fn take(&mut self) -> Vec<LogRecord> {
        std::mem::take(&mut self.records)
    }
}
