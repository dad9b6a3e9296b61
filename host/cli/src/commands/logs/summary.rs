//! The log in sum: how many calls, how many failed, why, since which release, who heard the fallback,
//! and what was slow.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::event_line::LogLine;
use crate::printer::Printer;

/// How many reasons, callers and slow events are shown.
const MOST: usize = 5;

/// A failure, as often as it was met.
#[derive(Debug, Default)]
struct Failure {
    calls: BTreeSet<String>,
    /// The releases that it was met in, in their order.
    releases: Vec<String>,
    /// When it was met first, in milliseconds since 1970.
    first_ms: Option<u64>,
}

/// A slow event.
#[derive(Debug)]
struct Slow {
    micros: u64,
    call: String,
    told: String,
}

/// The log in sum.
#[derive(Debug, Default)]
pub(super) struct Summary {
    calls: BTreeSet<String>,
    events: usize,
    /// The calls that heard the fallback, with who called.
    failed: BTreeMap<String, String>,
    failures: BTreeMap<String, Failure>,
    /// Errors that are not of an event.
    others: BTreeMap<String, usize>,
    /// Events by release.
    releases: BTreeMap<String, usize>,
    micros: Vec<u64>,
    slow: Vec<Slow>,
}

impl Summary {
    pub(super) fn of(lines: &[&LogLine]) -> Self {
        let mut summary = Self::default();
        for line in lines {
            summary.add(line);
        }
        summary.micros.sort_unstable();
        summary.slow.sort_by_key(|slow| std::cmp::Reverse(slow.micros));
        summary.slow.truncate(MOST);
        summary
    }

    fn add(&mut self, line: &LogLine) {
        let call = line.text("call").unwrap_or_default().to_owned();
        if !line.is_event() {
            if line.is_error() {
                let message = line.text("message").unwrap_or_default().to_owned();
                *self.others.entry(message).or_default() += 1;
            }
            return;
        }
        self.events += 1;
        self.calls.insert(call.clone());
        let release = line.text("release").unwrap_or("-").to_owned();
        *self.releases.entry(release.clone()).or_default() += 1;
        if let Some(micros) = line.number("micros") {
            self.micros.push(micros);
            self.slow.push(Slow { micros, call: call.clone(), told: line.told() });
        }
        if !line.is_fallback() {
            return;
        }
        let from = line.text("from").unwrap_or("-").to_owned();
        self.failed.entry(call.clone()).or_insert(from);
        let place = line.place().map(|place| format!("{place}: ")).unwrap_or_default();
        let reason = line.text("reason").unwrap_or_default();
        let why = format!("{reason}: {place}{}", line.text("error").unwrap_or_default());
        let failure = self.failures.entry(why).or_default();
        failure.calls.insert(call);
        if !failure.releases.contains(&release) {
            failure.releases.push(release);
        }
        failure.first_ms = failure.first_ms.or(line.at_ms);
    }

    /// The time that this share of events took at most, in microseconds.
    fn percentile(&self, percent: usize) -> u64 {
        let last = self.micros.len().saturating_sub(1);
        self.micros.get(last * percent / 100).copied().unwrap_or(0)
    }

    /// The failures, the most frequent first.
    fn by_count(&self) -> Vec<(&String, &Failure)> {
        let mut failures: Vec<_> = self.failures.iter().collect();
        failures.sort_by_key(|(_, failure)| std::cmp::Reverse(failure.calls.len()));
        failures
    }

    pub(super) fn to_json(&self) -> Value {
        let failures = self.by_count().into_iter().map(|(why, failure)| {
            json!({"why": why, "calls": failure.calls, "releases": failure.releases, "first_ms": failure.first_ms})
        });
        let slow = self
            .slow
            .iter()
            .map(|slow| json!({"micros": slow.micros, "call": slow.call, "event": slow.told}));
        json!({
            "calls": self.calls.len(), "events": self.events, "failed_calls": self.failed,
            "failures": failures.collect::<Vec<_>>(), "other_errors": self.others, "events_by_release": self.releases,
            "micros": {"median": self.percentile(50), "p99": self.percentile(99), "most": self.micros.last()},
            "slowest": slow.collect::<Vec<_>>(),
        })
    }

    /// Shows it to people.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn show(&self, printer: Printer) -> anyhow::Result<()> {
        let (calls, failed) = (self.calls.len(), self.failed.len());
        printer.data(&format!(
            "calls     {calls}, events {}, calls that heard the fallback {failed}",
            self.events
        ))?;
        for (why, failure) in self.by_count().into_iter().take(MOST) {
            let since = failure.first_ms.map(moonring_spec::written).unwrap_or_default();
            let since = if since.is_empty() { since } else { format!(", since {since}") };
            let releases = failure.releases.join(", ");
            printer.data(&format!(
                "failed    {} calls, release {releases}{since}: {why}",
                failure.calls.len()
            ))?;
            for call in failure.calls.iter().take(MOST) {
                let from = self.failed.get(call).map(String::as_str).unwrap_or("-");
                printer.data(&format!("          {call}, from {from}"))?;
            }
        }
        for (message, count) in &self.others {
            printer.data(&format!("error     {count} times: {message}"))?;
        }
        for (release, count) in &self.releases {
            printer.data(&format!("release   {release}: events {count}"))?;
        }
        let time = |micros: u64| {
            format!("{:.1} ms", f64::from(u32::try_from(micros).unwrap_or(u32::MAX)) / 1000.0)
        };
        printer.data(&format!(
            "time      median {}, 99 of 100 within {}, most {}",
            time(self.percentile(50)),
            time(self.percentile(99)),
            time(self.micros.last().copied().unwrap_or(0))
        ))?;
        for slow in &self.slow {
            printer.data(&format!(
                "          {}: {}, call {}",
                time(slow.micros),
                slow.told,
                slow.call
            ))?;
        }
        Ok(())
    }
}
