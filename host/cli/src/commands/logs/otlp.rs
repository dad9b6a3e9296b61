//! The log as traces and log records for an OpenTelemetry collector: OTLP over HTTP, as JSON.

use std::time::Duration;

use anyhow::Context as _;
use moonring_flow::stable_hash;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::event_line::LogLine;
use super::story::is_call_id;
use crate::printer::{Printer, printable};

/// The most spans, or log records, of a request.
const BATCH: usize = 500;
/// Headers of each request, as OpenTelemetry names them: keys of a vendor, for example.
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
/// The longest wait for a reply, and the most that a collector makes wait.
const MOST: Duration = Duration::from_secs(20);
/// How often a request is sent, and the first pause between.
const ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// What a collector answers that wants a request again, as OTLP has it.
const REPEATED: [u16; 4] = [429, 502, 503, 504];
/// The most letters of its reason that are told.
const REASON: usize = 200;
/// Kinds and codes of OTLP.
const SERVER: u8 = 2;
const ERROR: u8 = 2;

/// A collector, and what waits to be sent to it.
pub(super) struct Collector {
    endpoint: String,
    headers: HeaderMap,
    /// The name of the function.
    service: String,
    client: reqwest::Client,
    spans: Vec<Value>,
    records: Vec<Value>,
    /// How many spans there were.
    added: u64,
    sent: Sent,
}

/// What a collector has taken.
#[derive(Debug, Clone, Copy, Default)]
struct Sent {
    spans: usize,
    records: usize,
}

impl Sent {
    fn is_any(self) -> bool {
        self.spans + self.records > 0
    }
}

impl Collector {
    /// # Errors
    /// When the headers of the environment cannot be read.
    pub(super) fn new(endpoint: &str, service: &str) -> anyhow::Result<Self> {
        let headers = std::env::var(HEADERS).unwrap_or_default();
        let headers = headers.split(',').filter(|header| !header.trim().is_empty()).map(|header| {
            let wanted =
                || format!("{HEADERS}: wanted NAME=VALUE with commas between, such as api-key=…");
            let (name, value) = header.split_once('=').with_context(wanted)?;
            let value = percent_encoding::percent_decode_str(value.trim()).decode_utf8_lossy();
            let name: HeaderName = name.trim().parse().ok().with_context(wanted)?;
            Ok((name, value.parse::<HeaderValue>().ok().with_context(wanted)?))
        });
        Ok(Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            headers: headers.collect::<anyhow::Result<HeaderMap>>()?,
            service: service.to_owned(),
            client: moonring_aws::http_client().map_err(anyhow::Error::msg)?,
            spans: Vec::new(),
            records: Vec::new(),
            added: 0,
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
            true => {
                self.added += 1;
                self.spans.push(span(line, at_ms, &self.added.to_string()));
            }
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
            let refused = self.post("traces", &body, printer).await?;
            self.sent.spans += spans.len().saturating_sub(refused);
        }
        for records in std::mem::take(&mut self.records).chunks(BATCH) {
            let scoped = json!([{"scope": scope, "logRecords": records}]);
            let body = json!({"resourceLogs": [{"resource": resource, "scopeLogs": scoped}]});
            let refused = self.post("logs", &body, printer).await?;
            self.sent.records += records.len().saturating_sub(refused);
        }
        Ok(())
    }

    /// What was sent so far, in words.
    pub(super) fn told(&self) -> String {
        let Sent { spans, records } = self.sent;
        format!("sent to {}: spans {spans}, log records {records}", self.endpoint)
    }

    /// Sends a request, and again where the collector asks for it. How many of it the collector refuses.
    async fn post(&self, signal: &str, body: &Value, printer: Printer) -> anyhow::Result<usize> {
        let url = format!("{}/v1/{signal}", self.endpoint);
        let mut backoff = FIRST_PAUSE;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let request = self.client.post(&url).timeout(MOST);
            let request = request.header("content-type", "application/json");
            let request = request.headers(self.headers.clone());
            let sent = request.body(body.to_string()).send().await;
            let may_repeat = attempt < ATTEMPTS;
            let mut pause = backoff;
            match sent {
                // One that has taken something is there, and may come back.
                Err(error)
                    if may_repeat
                        && self.sent.is_any()
                        && (error.is_connect() || error.is_timeout()) => {}
                Err(error) => {
                    return Err(error).with_context(|| {
                        format!("the collector {url} cannot be reached; {}", self.told())
                    });
                }
                Ok(reply) if may_repeat && REPEATED.contains(&reply.status().as_u16()) => {
                    let after = reply.headers().get("retry-after");
                    let after = after.and_then(|after| after.to_str().ok()?.parse().ok());
                    pause = after.map_or(backoff, Duration::from_secs).min(MOST);
                }
                Ok(reply) => return self.judge(&url, reply, printer).await,
            }
            tokio::time::sleep(pause).await;
            backoff = (backoff * 2).min(MOST);
        }
    }

    /// How many of a request a collector refuses.
    async fn judge(
        &self,
        url: &str,
        reply: reqwest::Response,
        printer: Printer,
    ) -> anyhow::Result<usize> {
        let status = reply.status();
        let reply = reply.text().await.unwrap_or_default();
        let why: String = printable(&reply).chars().take(REASON).collect();
        anyhow::ensure!(
            status.is_success(),
            "the collector {url} answers {status}: {why}; wanted one that takes OTLP over HTTP as JSON, such as http://localhost:4318; {}",
            self.told()
        );
        let reply: Value = serde_json::from_str(&reply).unwrap_or_default();
        let partial = &reply["partialSuccess"];
        let why = partial["errorMessage"].as_str().filter(|why| !why.is_empty());
        let refused = ["rejectedSpans", "rejectedLogRecords"].iter().find_map(|name| {
            let count = &partial[*name];
            count.as_u64().or_else(|| count.as_str()?.parse().ok())
        });
        let refused = refused.unwrap_or(0);
        match (refused, why) {
            (0, None) => {}
            (0, Some(why)) => printer.warning(&format!("the collector {url} says: {why}")),
            (refused, why) => printer.warning(&format!(
                "the collector {url} left out {refused}: {}",
                why.unwrap_or("it does not say why")
            )),
        }
        Ok(usize::try_from(refused).unwrap_or(usize::MAX))
    }
}

/// The trace of a call: its id, which is as long as that of a trace.
fn trace(call: &str) -> String {
    // What is all zeros is no trace.
    match is_call_id(call) && call.bytes().any(|letter| !b"0-".contains(&letter)) {
        true => call.replace('-', "").to_lowercase(),
        false => format!("{}{}", hash(&[call]), hash(&[call, "trace"])),
    }
}

fn hash(parts: &[&str]) -> String {
    format!("{:016x}", stable_hash(parts.iter().map(|part| part.as_bytes())))
}

/// The line of an event as a span. The first one of a call is the parent of the others.
fn span(line: &LogLine, at_ms: u64, number: &str) -> Value {
    // An event that belongs to no call is a trace of its own.
    let alone = format!("{at_ms} {}", line.fields());
    let call = line.text("call").unwrap_or(&alone);
    let sequence = line.number("sequence").unwrap_or_default();
    let of = |sequence: u64| hash(&[call, &sequence.to_string()]);
    // An event that came again is another span of the same number.
    let is_again = line.text("outcome") == Some("repeated");
    let id = if is_again { hash(&[call, "again", &alone, number]) } else { of(sequence) };
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
        Value::Number(number) if number.as_i64().is_none() => json!({"doubleValue": number}),
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
            span(&LogLine::parse(None, &text).unwrap(), 1_000, "1")
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
