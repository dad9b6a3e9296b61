//! `moonring status`: which alias serves what, and which calls are still on older releases.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use moonring_store::KnownAlias;
use serde_json::{Value, json};

use super::place::{Place, PlaceArguments, wait_for};
use crate::printer::Printer;

/// Show which releases serve.
#[derive(Args)]
#[command(
    about = "Show which releases serve",
    after_help = "\
Examples:
  moonring status                    every alias: what it serves, since when, and its candidate
  moonring status --watch            again whenever one moves
  moonring status --logs calls.log   and how many calls of these log lines are on which release
  aws logs tail /aws/lambda/calls --format short | moonring status --logs -

Exit codes:
  0  it is shown
  2  the place cannot be read"
)]
pub(crate) struct Status {
    #[command(flatten)]
    place: PlaceArguments,

    /// Count the calls in progress in these log lines of the function; - is standard input
    #[arg(long, value_name = "FILE")]
    logs: Option<String>,

    /// Show it again whenever an alias moves, until Ctrl+C
    #[arg(long, conflicts_with_all = ["logs", "json"])]
    watch: bool,

    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl Status {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let place = self.place.open(printer)?;
        let aliases = read(&place)?;
        let calls = self.logs.as_deref().map(calls_in_progress).transpose()?;
        if self.json {
            let aliases: BTreeMap<_, _> =
                aliases.iter().map(|(name, known)| (name, &known.alias)).collect();
            let result = json!({"aliases": aliases, "calls": calls});
            printer.answer(result.to_string().as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        show(&aliases, printer)?;
        for (release, count) in calls.into_iter().flatten() {
            printer.data(&format!("{release}  {count} calls in progress"))?;
        }
        if !self.watch {
            return Ok(ExitCode::SUCCESS);
        }
        let mut shown = aliases;
        loop {
            std::thread::sleep(std::time::Duration::from_secs(1));
            let now = read(&place)?;
            if now != shown {
                show(&now, printer)?;
                shown = now;
            }
        }
    }
}

fn read(place: &Place) -> anyhow::Result<BTreeMap<String, KnownAlias>> {
    wait_for(async { Ok(place.publisher.published().aliases().await?) })
}

fn show(aliases: &BTreeMap<String, KnownAlias>, printer: Printer) -> anyhow::Result<()> {
    for (name, KnownAlias { alias, .. }) in aliases {
        let by = alias.by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
        printer.data(&format!("{name:12}{}  since {}{by}", alias.serves, alias.at))?;
        if let Some(next) = &alias.next {
            let (id, percent) = (&next.id, next.percent);
            printer
                .data(&format!("{:12}{id}  {percent} % of new calls since {}", "", next.since))?;
        }
    }
    if aliases.is_empty() {
        printer.talk("there are no aliases; `moonring push` makes one. Plain files need none");
    }
    Ok(())
}

/// How many calls are on which release, by the event lines of a log: those whose last leg has not
/// hung up.
fn calls_in_progress(file: &str) -> anyhow::Result<BTreeMap<String, usize>> {
    let reader: Box<dyn std::io::BufRead> = match file {
        "-" => Box::new(std::io::stdin().lock()),
        file => {
            let opened =
                std::fs::File::open(file).with_context(|| format!("cannot read {file}"))?;
            Box::new(std::io::BufReader::new(opened))
        }
    };
    let mut on: BTreeMap<String, String> = BTreeMap::new();
    for line in reader.lines() {
        let line = line.with_context(|| format!("cannot read {file}"))?;
        // Some tools put a time in front of each line.
        let Some(start) = line.find('{') else { continue };
        let Ok(line) = serde_json::from_str::<Value>(&line[start..]) else { continue };
        let text = |name: &str| line.get(name).and_then(Value::as_str);
        let Some(call) = text("call") else { continue };
        match (text("event"), text("release")) {
            (Some("HANGUP"), _) => drop(on.remove(call)),
            (Some(_), Some(release)) => drop(on.insert(call.to_owned(), release.to_owned())),
            _ => {}
        }
    }
    let mut counts = BTreeMap::new();
    for release in on.into_values() {
        *counts.entry(release).or_default() += 1;
    }
    Ok(counts)
}
