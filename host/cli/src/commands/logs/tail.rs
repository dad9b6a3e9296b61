//! `moonring tail`: the log of the function, as it comes and in sum.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::event_line::LogLine;
use super::source::{LogArguments, Wanted};
use super::summary::Summary;
use crate::commands::release::wait_for;
use crate::phone_number::phone_number;
use crate::printer::{Hue, Printer, printable};

/// How often CloudWatch is asked for more.
const EVERY: Duration = Duration::from_secs(2);
/// How late lines may come, in milliseconds.
const OVERLAP_MS: u64 = 60_000;
/// Letters of a call's id that are shown.
const SHORT: usize = 8;

/// Read the log of the function.
#[derive(Args)]
#[command(
    about = "Read the log of the function: calls as they come, errors, or a summary",
    long_about = "Reads the log of the deployed function from CloudWatch Logs, a file or standard input, and shows a line for each event: when, which call, who, what came and what was answered. `moonring show CALL` shows one call.",
    after_help = "\
Examples:
  moonring tail --function acme-line             the last hour
  moonring tail --function acme-line --follow    and what comes
  moonring tail --function acme-line --errors    only what went wrong
  moonring tail --function acme-line --to +14255550117
  moonring tail --function acme-line --since 1d --summary
  moonring tail --file calls.log --json          the lines as they are

Exit codes:
  0  it was read
  2  the log cannot be read"
)]
pub(crate) struct Tail {
    #[command(flatten)]
    log: LogArguments,

    /// Only lines of this call: its id, or the beginning of it
    #[arg(long, value_name = "ID")]
    call: Option<String>,

    /// Only calls to this number
    #[arg(long, value_name = "+1…", value_parser = phone_number)]
    to: Option<String>,

    /// Only what went wrong
    #[arg(long)]
    errors: bool,

    /// Show how many calls there were, how many failed, why, since which release, who heard the fallback
    /// and what was slow
    #[arg(long, conflicts_with = "follow")]
    summary: bool,

    /// Go on with what comes, until Ctrl-C
    #[arg(long, short)]
    follow: bool,

    /// Print the lines as they are, a JSON object each
    #[arg(long)]
    json: bool,
}

impl Tail {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        wait_for(self.read(printer))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn read(self, printer: Printer) -> anyhow::Result<()> {
        // CloudWatch leaves out the rest, which may be much.
        let pattern = match (&self.call, self.errors) {
            (Some(call), _) => Some(format!("\"{call}\"")),
            (None, true) => Some("?ERROR ?\"Task timed out\" ?\"Runtime exited\"".to_owned()),
            (None, false) => None,
        };
        if let Some(file) = self.log.file.as_ref().filter(|_| !self.summary) {
            anyhow::ensure!(!self.follow, "--follow reads CloudWatch Logs, and no file");
            let mut is_empty = true;
            self.log.each_of_file(file, |line| {
                is_empty = false;
                self.show(&line, printer)
            })?;
            if is_empty {
                printer.talk("there are no lines; --since says how far back");
            }
            return Ok(());
        }
        let wanted = Wanted { pattern };
        let lines = {
            let _progress = printer.progress("reading the log");
            self.log.lines(&wanted).await?
        };
        if self.summary {
            let lines: Vec<&LogLine> = lines.iter().filter(|line| self.is_of(line)).collect();
            let summary = Summary::of(&lines);
            return match self.json {
                true => printer.answer(summary.to_json().to_string().as_bytes()),
                false => summary.show(printer),
            };
        }
        let mut shown: BTreeSet<String> = BTreeSet::new();
        for line in &lines {
            shown.insert(line.id.clone());
            self.show(line, printer)?;
        }
        if !self.follow {
            if lines.is_empty() {
                printer.talk("there are no lines; --since says how far back");
            }
            return Ok(());
        }
        loop {
            tokio::time::sleep(EVERY).await;
            // CloudWatch takes lines of several streams a little late: some are asked for again.
            let since = crate::clock::now_ms().saturating_sub(OVERLAP_MS);
            for line in self.log.read_cloudwatch(since, &wanted).await? {
                if shown.insert(line.id.clone()) {
                    self.show(&line, printer)?;
                }
            }
        }
    }

    fn is_of(&self, line: &LogLine) -> bool {
        let is_call = self.call.as_ref().is_none_or(|call| {
            line.text("call").is_some_and(|known| known.starts_with(call.as_str()))
        });
        let is_to = self.to.as_ref().is_none_or(|number| line.has_number("to", number));
        is_call && is_to
    }

    fn show(&self, line: &LogLine, printer: Printer) -> anyhow::Result<()> {
        if !self.is_of(line) || self.errors && !line.is_error() {
            return Ok(());
        }
        if self.json {
            return printer.data(&line.fields().to_string());
        }
        let at = line.at_ms.map(moonring_spec::written).unwrap_or_default();
        let call: String = line.text("call").unwrap_or("-").chars().take(SHORT).collect();
        let who = match (line.text("from"), line.text("to")) {
            (Some(from), Some(to)) => format!("{from} calls {to}  "),
            _ => String::new(),
        };
        let script = line.text("script").map(|script| format!("  ({script})")).unwrap_or_default();
        let hue = if line.is_error() { Hue::Failure } else { Hue::Plain };
        let shown = format!("{at}  {call:SHORT$}  {who}{}{script}", line.told());
        printer.coloured_data(&printable(shown.trim_start()).replace('\n', " "), hue)
    }
}
