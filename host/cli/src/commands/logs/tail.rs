//! `moonring tail`: the log of the function, as it comes and in sum.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use super::event_line::LogLine;
use super::otlp::Collector;
use super::source::{LogArguments, Wanted};
use super::summary::Summary;
use crate::commands::release::wait_for;
use crate::phone_number::phone_number;
use crate::printer::{Hue, Printer, printable};

/// How long lines of standard input wait for others, before they are sent.
const SOON: Duration = Duration::from_secs(1);
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
  moonring tail --function acme-line --follow --otlp http://localhost:4318

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

    /// Send the lines to an OpenTelemetry collector instead of showing them: a trace a call, over OTLP.
    /// OTEL_EXPORTER_OTLP_HEADERS has the headers that it wants
    #[arg(long, value_name = "URL", conflicts_with_all = ["json", "summary"], value_parser = collector)]
    otlp: Option<String>,

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
        if let Some(url) = &self.otlp {
            return self.export(url, &Wanted { pattern }, printer).await;
        }
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
            for line in self.log.what_comes(&mut shown, &wanted).await? {
                self.show(&line, printer)?;
            }
        }
    }

    /// Sends the lines to a collector, and what comes if that is wanted.
    async fn export(&self, url: &str, wanted: &Wanted, printer: Printer) -> anyhow::Result<()> {
        anyhow::ensure!(
            !self.follow || self.log.file.is_none(),
            "--follow reads CloudWatch Logs, and no file"
        );
        let mut collector = Collector::new(url, &self.log.service())?;
        if self.log.file.as_ref().is_some_and(|file| file.as_os_str() == "-") {
            return self.export_input(collector, printer).await;
        }
        let is_wanted = |line: &&LogLine| self.is_shown(line);
        let mut sent: BTreeSet<String> = BTreeSet::new();
        {
            let _progress = printer.progress("sending the log");
            let lines = self.log.lines(wanted).await?;
            lines.iter().filter(is_wanted).try_for_each(|line| collector.add(line))?;
            sent.extend(lines.into_iter().map(|line| line.id));
            collector.send(printer).await?;
        }
        printer.talk(&collector.told());
        if !self.follow {
            return Ok(());
        }
        loop {
            for line in self.log.what_comes(&mut sent, wanted).await?.iter().filter(is_wanted) {
                collector.add(line)?;
            }
            collector.send(printer).await?;
        }
    }

    /// Sends standard input as it comes, which may go on for hours.
    async fn export_input(&self, mut collector: Collector, printer: Printer) -> anyhow::Result<()> {
        let (sender, mut lines) = tokio::sync::mpsc::unbounded_channel();
        let log = self.log.clone();
        // Reading waits, and would have everything else wait.
        let reader = std::thread::spawn(move || {
            log.each_of_file(Path::new("-"), |line| {
                let _ = sender.send(line);
                Ok(())
            })
        });
        let mut last = Instant::now();
        loop {
            match tokio::time::timeout(SOON, lines.recv()).await {
                Ok(Some(line)) if self.is_shown(&line) => collector.add(&line)?,
                Ok(Some(_)) | Err(_) => {}
                Ok(None) => break,
            }
            if last.elapsed() >= SOON {
                collector.send(printer).await?;
                last = Instant::now();
            }
        }
        collector.send(printer).await?;
        printer.talk(&collector.told());
        reader.join().map_err(|_| anyhow::anyhow!("standard input cannot be read"))?
    }

    /// Whether a line is among those that were asked for.
    fn is_shown(&self, line: &LogLine) -> bool {
        self.is_of(line) && (!self.errors || line.is_error())
    }

    fn is_of(&self, line: &LogLine) -> bool {
        let is_call = self.call.as_ref().is_none_or(|call| {
            line.text("call").is_some_and(|known| known.starts_with(call.as_str()))
        });
        let is_to = self.to.as_ref().is_none_or(|number| line.has_number("to", number));
        is_call && is_to
    }

    fn show(&self, line: &LogLine, printer: Printer) -> anyhow::Result<()> {
        if !self.is_shown(line) {
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

/// The address of a collector.
fn collector(text: &str) -> Result<String, String> {
    let is_url = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
    match is_url {
        true => Ok(text.to_owned()),
        false => Err("wanted the URL of a collector, such as http://localhost:4318".to_owned()),
    }
}
