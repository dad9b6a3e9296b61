//! Where the log is read from: CloudWatch Logs, a file, or standard input.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
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

    /// How far back: seconds, or 30m, 12h, 7d
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = span)]
    pub(super) since: Duration,
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
            return from_file(path);
        }
        let since = now_ms().saturating_sub(u64::try_from(self.since.as_millis()).unwrap_or(0));
        self.read_cloudwatch(since, wanted).await
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

    /// Whether lines come that are not there yet.
    pub(super) fn can_follow(&self) -> bool {
        self.file.is_none()
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

fn from_file(path: &std::path::Path) -> anyhow::Result<Vec<LogLine>> {
    let is_input = path.as_os_str() == "-";
    let reader: Box<dyn std::io::Read> = if is_input {
        Box::new(std::io::stdin())
    } else {
        let file = std::fs::File::open(path);
        Box::new(file.with_context(|| format!("cannot open {}", path.display()))?)
    };
    let mut lines = Vec::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        let line = String::from_utf8_lossy(&line);
        // `aws logs tail` writes the time and the stream in front.
        let text = line.find('{').and_then(|at| line.get(at..)).unwrap_or_default();
        lines.extend(LogLine::parse(None, text));
    }
    Ok(lines)
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
