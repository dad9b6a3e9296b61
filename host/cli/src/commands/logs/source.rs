//! Where the log is read from: CloudWatch Logs, a file, or standard input.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use moonring_aws::{AwsServices, SharedConfig};
use moonring_runtime::Settings;
use serde_json::{Value, json};

use super::event_line::LogLine;
use crate::clock::now_ms;

/// The most pages of CloudWatch that are read at once, and the lines of a page.
const PAGES: usize = 2000;
const PAGE: u32 = 500;
/// How often CloudWatch is asked for more.
const EVERY: Duration = Duration::from_secs(2);
/// How late lines may come, in milliseconds.
const OVERLAP_MS: u64 = 60_000;
/// How far back CloudWatch is read where nobody says so.
const SINCE: Duration = Duration::from_secs(3600);

/// Where the log is.
#[derive(Debug, Clone, Args)]
pub(crate) struct LogArguments {
    /// The log group of the function [default: /aws/lambda/acme-line, by --function's name]
    #[arg(long, value_name = "GROUP", conflicts_with = "file")]
    pub(super) log_group: Option<String>,

    /// The name of the function, whose log group is /aws/lambda/NAME
    #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "log_group"])]
    pub(super) function: Option<String>,

    /// Read a file with the lines of the log, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// How far back: seconds, or 30m, 12h, 7d [default: 1h; a whole file]
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub(super) since: Option<Duration>,
}

/// What lines are asked of CloudWatch.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// A word that lines must have, as CloudWatch filters them.
    pub(super) pattern: Option<String>,
}

impl LogArguments {
    /// The lines of the log so far, the oldest first.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn lines(&self, wanted: &Wanted) -> anyhow::Result<Vec<LogLine>> {
        if let Some(path) = &self.file {
            let mut lines = Vec::new();
            self.each_of_file(path, |line| {
                lines.push(line);
                Ok(())
            })?;
            return Ok(lines);
        }
        self.read_cloudwatch(self.since_ms().unwrap_or_default(), wanted).await
    }

    /// Each line of a file as it is read: standard input may go on for hours.
    ///
    /// # Errors
    /// When the file cannot be read, or says no times and is to be read from one on; and what `each`
    /// fails with.
    pub(super) fn each_of_file(
        &self,
        path: &Path,
        mut each: impl FnMut(LogLine) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let since_ms = self.since_ms().filter(|_| self.since.is_some());
        let is_input = path.as_os_str() == "-";
        let reader: Box<dyn Read> = if is_input {
            Box::new(std::io::stdin())
        } else {
            let file = std::fs::File::open(path);
            Box::new(file.with_context(|| format!("cannot open {}", path.display()))?)
        };
        let (mut has_times, mut has_lines, mut last_ms) = (false, false, None);
        for line in BufReader::new(reader).split(b'\n') {
            let line = line.with_context(|| format!("cannot read {}", path.display()))?;
            let line = String::from_utf8_lossy(&line);
            // `aws logs tail` writes the time and the stream in front.
            let (before, text) = line.split_at(line.find('{').unwrap_or_default());
            let at_ms = time_of(if before.is_empty() { text } else { before });
            let Some(mut line) = LogLine::parse(at_ms, text) else { continue };
            has_times |= at_ms.is_some();
            has_lines = true;
            // What has no time of its own belongs to the line before it.
            last_ms = at_ms.or(last_ms);
            line.at_ms = last_ms;
            if since_ms.is_none_or(|since_ms| last_ms.is_some_and(|at_ms| at_ms >= since_ms)) {
                each(line)?;
            }
        }
        anyhow::ensure!(
            since_ms.is_none() || has_times || !has_lines,
            "{}: its lines have no times, so --since cannot be held; leave it out",
            path.display()
        );
        Ok(())
    }

    /// The moment that is read from, in milliseconds since 1970.
    fn since_ms(&self) -> Option<u64> {
        let since = self.since.unwrap_or(SINCE).as_millis();
        Some(now_ms().saturating_sub(u64::try_from(since).ok()?))
    }

    /// The lines since a moment, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn read_cloudwatch(
        &self,
        since_ms: u64,
        wanted: &Wanted,
    ) -> anyhow::Result<Vec<LogLine>> {
        let group = self.group()?;
        let services = AwsServices::new(&Settings::default(), SharedConfig::default());
        let (mut lines, mut token) = (Vec::new(), Value::Null);
        for _ in 0..PAGES {
            // A page is one reply, and lines may be long.
            let mut input = json!({"logGroupName": group, "startTime": since_ms, "limit": PAGE});
            if let Some(pattern) = &wanted.pattern {
                input["filterPattern"] = json!(pattern);
            }
            if !token.is_null() {
                input["nextToken"] = token;
            }
            let found = services.ask("logs", "FilterLogEvents", input).await;
            let found = found.map_err(|why| {
                anyhow::anyhow!("the log {group} cannot be read: {why}; `moonring doctor` looks at the function and its log")
            })?;
            for event in found["events"].as_array().into_iter().flatten() {
                let at = event["timestamp"].as_u64();
                let text = event["message"].as_str().unwrap_or_default();
                let id = event["eventId"].as_str().unwrap_or_default();
                lines.extend(LogLine::parse(at, text).map(|line| line.with_id(id)));
            }
            token = found["nextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        lines.sort_by_key(|line| line.at_ms);
        Ok(lines)
    }

    /// The lines that have come since they were read last; `known` are those that were.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn what_comes(
        &self,
        known: &mut BTreeSet<String>,
        wanted: &Wanted,
    ) -> anyhow::Result<Vec<LogLine>> {
        tokio::time::sleep(EVERY).await;
        // CloudWatch takes lines of several streams a little late: some are asked for again.
        let since = now_ms().saturating_sub(OVERLAP_MS);
        let mut lines = self.read_cloudwatch(since, wanted).await?;
        lines.retain(|line| known.insert(line.id.clone()));
        Ok(lines)
    }

    /// The name of the function, as far as it is said.
    pub(super) fn service(&self) -> String {
        let group = self.log_group.as_deref().and_then(|group| group.rsplit('/').next());
        self.function.as_deref().or(group).unwrap_or("moonring").to_owned()
    }

    fn group(&self) -> anyhow::Result<String> {
        match (&self.log_group, &self.function) {
            (Some(group), _) => Ok(group.clone()),
            (None, Some(name)) => Ok(format!("/aws/lambda/{name}")),
            (None, None) => anyhow::bail!(
                "say where the log is: --function NAME, --log-group GROUP, or --file FILE"
            ),
        }
    }
}

/// The time that a line of `aws logs tail` begins with, in UTC.
fn time_of(line: &str) -> Option<u64> {
    let first = line.split_whitespace().next().filter(|first| first.contains('T'))?;
    moonring_spec::at_ms(first, Some("UTC"), 0).ok()
}

/// A span of time: seconds, or a number with s, m, h or d behind it.
fn span(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, text.chars().last().unwrap_or('s')),
        None => (text, 's'),
    };
    let seconds = match unit {
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => 1,
    };
    let number = number.parse::<u64>().ok().filter(|number| *number > 0);
    let number = number.ok_or("wanted a time such as 90s, 30m, 12h or 7d")?;
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}
