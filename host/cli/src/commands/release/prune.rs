//! `moonring prune`: deletes releases that nobody needs.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use jiff::Timestamp;
use moonring_publish::prunable;
use serde_json::json;

use super::place::{ChangeArguments, wait_for};
use crate::printer::Printer;

/// How long a call may be on the release it began with: a call lasts a day at most.
const CALL: i64 = 24 * 60 * 60;

/// Delete releases that nobody needs.
#[derive(Args)]
#[command(
    about = "Delete releases that nobody needs",
    long_about = "Deletes old releases, and the files that only they have. What an alias stands for stays, what it stood for before, and what calls of the last day may still be on.",
    after_help = "\
Examples:
  moonring prune --keep 20 --older-than 30d --dry-run   what would go
  moonring prune --keep 20 --older-than 30d

Exit codes:
  0  they are deleted
  2  something cannot be deleted; run the command again"
)]
pub(crate) struct Prune {
    /// How many of the newest releases stay in any case
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    keep: usize,

    /// Only releases that are older than this, such as 30d or 12h
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = seconds)]
    older_than: i64,

    #[command(flatten)]
    change: ChangeArguments,
}

impl Prune {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let place = self.change.open(printer)?;
        let now = Timestamp::now().as_second();
        // What cannot be read as a time is not old.
        let age = |at: &str| at.parse::<Timestamp>().map_or(0, |at| now - at.as_second());
        let publisher = &place.publisher;
        let found = wait_for(async {
            let releases = publisher.releases().await?;
            let aliases = publisher.published().aliases().await?;
            let aliases: Vec<_> = aliases.into_values().map(|known| known.alias).collect();
            let is_old = |at: &str| age(at) >= self.older_than;
            let goes = prunable(&releases, &aliases, self.keep, is_old, |at| age(at) >= CALL);
            Ok(publisher.prunable(&releases, goes).await?)
        })?;
        let (releases, objects) = (found.releases.len(), found.objects.len());
        if !self.change.dry_run {
            let _progress = printer.progress(&format!("deleting {objects} objects"));
            wait_for(async { publisher.delete(&found).await.context("the rest stays") })?;
        }
        if self.change.json {
            let result = json!({
                "releases": found.releases, "objects": objects, "bytes": found.bytes,
                "deleted": !self.change.dry_run,
            });
            printer.answer(result.to_string().as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        for id in &found.releases {
            printer.data(id)?;
        }
        let deed = if self.change.dry_run { "would be deleted" } else { "are deleted" };
        printer.talk(&format!("{releases} releases with {} bytes {deed}", found.bytes));
        Ok(ExitCode::SUCCESS)
    }
}

fn seconds(text: &str) -> Result<i64, String> {
    let units = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];
    let found = units.iter().find_map(|(unit, seconds)| {
        let number: i64 = text.strip_suffix(*unit)?.parse().ok()?;
        number.checked_mul(*seconds).filter(|seconds| *seconds >= 0)
    });
    found.ok_or_else(|| {
        format!("`{text}` is no time; wanted a number with d, h, m or s, such as 30d")
    })
}
