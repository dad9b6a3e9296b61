//! The log as traces and log records for an OpenTelemetry collector: OTLP over HTTP, as JSON.

use anyhow::Context as _;
use moonring_flow::stable_hash;
use serde_json::{Value, json};

use super::event_line::LogLine;
use super::story::is_call_id;
use crate::printer::Printer;

/// The most spans, or log records, of a request.
const BATCH: usize = 500;
/// Headers of each request, as OpenTelemetry names them: keys of a vendor, for example.
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
/// Kinds and codes of OTLP.
const SERVER: u8 = 2;
const ERROR: u8 = 2;

/// A collector, and what waits to be sent to it.
pub(super) struct Collector {
    endpoint: String,
    headers: Vec<Header>,
    /// The name of the function.
    service: String,
    client: reqwest::Client,
    spans: Vec<Value>,
    records: Vec<Value>,
    sent: Sent,
}

/// A header of each request.
struct Header {
    name: String,
    value: String,
}

/// What a collector has taken.
#[derive(Debug, Clone, Copy, Default)]
struct Sent {
    spans: usize,
    records: usize,
}

impl Collector {
    /// # Errors
    /// When the headers of the environment cannot be read.
    pub(super) fn new(endpoint: &str, service: &str) -> anyhow::Result<Self> {
        let headers = std::env::var(HEADERS).unwrap_or_default();
        let headers = headers.split(',').filter(|header| !header.trim().is_empty()).map(|header| {
            let parts = header.split_once('=');
            let (name, value) = parts.with_context(|| {
                format!("{HEADERS}: wanted NAME=VALUE with commas between, such as api-key=…")
            })?;
            let value = percent_encoding::percent_decode_str(value.trim()).decode_utf8_lossy();
            Ok(Header { name: name.trim().to_owned(), value: value.into_owned() })
        });
        Ok(Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            headers: headers.collect::<anyhow::Result<_>>()?,
            service: service.to_owned(),
            client: moonring_aws::http_client().map_err(anyhow::Error::msg)?,
            spans: Vec::new(),
            records: Vec::new(),
            sent: Sent::default(),
        })
    }

    /// Takes a line in: that of an event is a span of its call, and what is logged beside it a log
    /// record.
    ///
    /// # Errors
    /// When the line has no time.
    pub(super) fn add(&mut self, line: &LogLine) -> anyhow::Result<()> {
        // Metrics are CloudWatch's own.
        if line.fields().get("_aws").is_some() {
            return Ok(());
        }
        let at_ms = line.at_ms.context(
            "the lines have no times, which traces need; read them with --function, or from `aws logs tail --format short`",
        )?;
        match line.is_event() {
            true => self.spans.push(span(line, at_ms)),
            false => self.records.push(record(line, at_ms)),
        }
        Ok(())
    }

    /// Sends what waits.
    ///
    /// # Errors
    /// When the collector does not take it.
    pub(super) async fn send(&mut self, printer: Printer) -> anyhow::Result<()> {
        let resource = json!({"attributes": [text("service.name", &self.service), text("cloud.provider", "aws"),
            text("faas.name", &self.service)]});
        let scope = json!({"name": "moonring", "version": env!("CARGO_PKG_VERSION")});
        for spans in std::mem::take(&mut self.spans).chunks(BATCH) {
            let scoped = json!([{"scope": scope, "spans": spans}]);
            let body = json!({"resourceSpans": [{"resource": resource, "scopeSpans": scoped}]});
            self.post("traces", &body, printer).await?;
            self.sent.spans += spans.len();
        }
        for records in std::mem::take(&mut self.records).chunks(BATCH) {
            let scoped = json!([{"scope": scope, "logRecords": records}]);
            let body = json!({"resourceLogs": [{"resource": resource, "scopeLogs": scoped}]});
            self.post("logs", &body, printer).await?;
            self.sent.records += records.len();
        }
        Ok(())
    }

    /// What was sent so far, in words.
    pub(super) fn told(&self) -> String {
        let Sent { spans, records } = self.sent;
        format!("sent to {}: spans {spans}, log records {records}", self.endpoint)
    }

    async fn post(&self, signal: &str, body: &Value, printer: Printer) -> anyhow::Result<()> {
        let url = format!("{}/v1/{signal}", self.endpoint);
        let mut request = self.client.post(&url).header("content-type", "application/json");
        for Header { name, value } in &self.headers {
            request = request.header(name, value);
        }
        let sent = request.body(body.to_string()).send().await;
        let reply = sent.with_context(|| {
            format!("the collector {url} cannot be reached; is it there, and does it take OTLP over HTTP?")
        })?;
        let status = reply.status();
        let reply = reply.text().await.unwrap_or_default();
        anyhow::ensure!(
            status.is_success(),
            "the collector {url} answers {status}; wanted one that takes OTLP over HTTP as JSON, such as http://localhost:4318"
        );
        let reply: Value = serde_json::from_str(&reply).unwrap_or_default();
        let why = reply.pointer("/partialSuccess/errorMessage").and_then(Value::as_str);
        if let Some(why) = why.filter(|why| !why.is_empty()) {
            printer.warning(&format!("the collector {url} left some out: {why}"));
        }
        Ok(())
    }
}

/// The trace of a call: its id, which is as long as that of a trace.
fn trace(call: &str) -> String {
    match is_call_id(call) {
        true => call.replace('-', "").to_lowercase(),
        false => format!("{}{}", hash(&[call]), hash(&[call, "trace"])),
    }
}

fn hash(parts: &[&str]) -> String {
    format!("{:016x}", stable_hash(parts.iter().map(|part| part.as_bytes())))
}

/// The line of an event as a span. The first one of a call is the parent of the others.
fn span(line: &LogLine, at_ms: u64) -> Value {
    let call = line.text("call").unwrap_or_default();
    let sequence = line.number("sequence").unwrap_or_default();
    let of = |sequence: u64| hash(&[call, &sequence.to_string()]);
    // An event that came again is another span of the same number.
    let is_again = line.text("outcome") == Some("repeated");
    let id = if is_again { hash(&[call, &format!("{sequence} {at_ms}")]) } else { of(sequence) };
    let words = ["event", "action"].iter().filter_map(|name| line.text(name));
    let nanos = at_ms.saturating_mul(1_000_000);
    let began = nanos.saturating_sub(line.number("micros").unwrap_or(0).saturating_mul(1000));
    let mut span = json!({
        "traceId": trace(call), "spanId": id, "name": words.collect::<Vec<_>>().join(" "), "kind": SERVER,
        "startTimeUnixNano": began.to_string(), "endTimeUnixNano": nanos.to_string(), "attributes": attributes(line),
    });
    if sequence > 1 || is_again {
        span["parentSpanId"] = json!(of(1));
    }
    if line.is_fallback() {
        let why = line.text("error").or_else(|| line.text("reason")).unwrap_or_default();
        let place = line.place().map(|place| format!("{place}: ")).unwrap_or_default();
        span["status"] = json!({"code": ERROR, "message": format!("{place}{why}")});
    }
    span
}

/// Any other line as a log record.
fn record(line: &LogLine, at_ms: u64) -> Value {
    let level = line.text("level").unwrap_or_default();
    // As OpenTelemetry counts them.
    let severity = match level {
        "DEBUG" => 5,
        "WARN" => 13,
        "ERROR" => 17,
        _ => 9,
    };
    let mut record = json!({
        "timeUnixNano": at_ms.saturating_mul(1_000_000).to_string(), "severityText": level, "severityNumber": severity,
        "body": {"stringValue": line.text("message").unwrap_or_default()}, "attributes": attributes(line),
    });
    if let Some(call) = line.text("call") {
        record["traceId"] = json!(trace(call));
    }
    record
}

/// The fields of a line, but for those that have a place of their own.
fn attributes(line: &LogLine) -> Vec<Value> {
    let fields = line.fields().as_object().into_iter().flatten();
    let own = fields.filter(|(name, _)| !matches!(name.as_str(), "level" | "message"));
    own.map(|(name, value)| attribute(&format!("moonring.{name}"), value)).collect()
}

fn attribute(name: &str, value: &Value) -> Value {
    let value = match value {
        Value::String(text) => json!({"stringValue": text}),
        Value::Bool(yes) => json!({"boolValue": yes}),
        Value::Number(number) if number.is_f64() => json!({"doubleValue": number}),
        Value::Number(number) => json!({"intValue": number.to_string()}),
        other => json!({"stringValue": other.to_string()}),
    };
    json!({"key": name, "value": value})
}

fn text(name: &str, value: &str) -> Value {
    attribute(name, &json!(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_a_call_are_spans_of_one_trace_below_the_first() {
        let line = |sequence: u64, more: &str| {
            let text = format!(
                r#"{{"level":"INFO","message":"event","call":"116ad019-24ca-42e2-a1f8-a0a4a4d3ed1f","sequence":{sequence},"event":"NEW_INBOUND_CALL","micros":412{more}}}"#
            );
            span(&LogLine::parse(None, &text).unwrap(), 1_000)
        };
        let (first, second) = (line(1, ""), line(2, r#","outcome":"fallback","error":"no""#));
        assert_eq!(first["traceId"], "116ad01924ca42e2a1f8a0a4a4d3ed1f");
        assert_eq!(first["parentSpanId"], Value::Null);
        assert_eq!(first["startTimeUnixNano"], "999588000");
        assert_eq!(second["parentSpanId"], first["spanId"]);
        assert_eq!(second["status"], json!({"code": 2, "message": "no"}));
        let again = line(1, r#","outcome":"repeated""#);
        assert!(again["spanId"] != first["spanId"] && again["parentSpanId"] == first["spanId"]);
    }
}
