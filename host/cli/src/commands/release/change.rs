//! `moonring promote` and `moonring rollback`: one write each.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::Context as _;
use clap::Args;
use moonring_publish::{promoted, rolled_back};
use moonring_store::Alias;
use serde_json::json;

use super::place::{ChangeArguments, Place, now, wait_for};
use super::pull::write_files;
use crate::commands::FAILED;
use crate::printer::Printer;

/// Make a release live.
#[derive(Args)]
#[command(
    about = "Make a release live",
    long_about = "Moves an alias to a release, in one write. With --percent, so many of the new calls get the release, and the others the one that serves; calls in progress stay on the release they began with.",
    after_help = "\
Examples:
  moonring promote draft live                 new calls get what draft stands for
  moonring promote draft live --percent 10    one new call of ten
  moonring promote 5f2a live                  a release by its id, or the beginning of it
  moonring promote draft live --replay calls  play recorded calls on it first

Exit codes:
  0  the alias has moved
  1  with --replay: a recorded call differs; nothing has moved
  2  it cannot move, or somebody else moved it meanwhile"
)]
pub(crate) struct Promote {
    /// The release: an alias, an id, or the beginning of an id
    #[arg(value_name = "RELEASE")]
    release: String,

    /// The alias that is to stand for it
    #[arg(value_name = "ALIAS", default_value = "live")]
    alias: String,

    /// How many new calls of a hundred get it
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    percent: Option<u8>,

    /// Replay the recorded calls of this folder on the release first, and move nothing if one
    /// differs
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,

    #[command(flatten)]
    change: ChangeArguments,
}

/// Go back to the release before.
#[derive(Args)]
#[command(
    about = "Go back to the release before",
    long_about = "Moves an alias back, in one write. While a candidate is tried (promote --percent), it gets no more new calls. Otherwise new calls get the release that served before. Done twice, all is as it was.",
    after_help = "\
Examples:
  moonring rollback               live, to what it was before
  moonring rollback draft         another alias
  moonring rollback live 5f2a     to this release

Exit codes:
  0  the alias has moved
  2  it cannot move, or somebody else moved it meanwhile"
)]
pub(crate) struct Rollback {
    /// The alias
    #[arg(value_name = "ALIAS", default_value = "live")]
    alias: String,

    /// The release [default: the one before]
    #[arg(value_name = "RELEASE")]
    release: Option<String>,

    #[command(flatten)]
    change: ChangeArguments,
}

impl Promote {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        is_alias(&self.alias)?;
        let place = self.change.open(printer)?;
        let id = wait_for(place.id_of(&self.release))?;
        // An alias never stands for a release that is not there.
        let manifest = wait_for(async { Ok(place.publisher.published().manifest(&id).await?) })?;
        if let Some(lost) = wait_for(place.lacks(&manifest))? {
            anyhow::bail!("the release {id} has lost its file {lost}; push it again");
        }
        if let Some(folder) = &self.replay
            && !replays(&place, &id, folder, printer)?
        {
            printer.error_text("nothing has moved: recorded calls differ on this release");
            return Ok(FAILED.into());
        }
        let location = place.publisher.location();
        let change = |now: Option<&Alias>| {
            promoted(&self.alias, now, &id, self.percent, &self::now(), &location)
        };
        moved(&place, &self.alias, change, &self.change, printer)
    }
}

impl Rollback {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        is_alias(&self.alias)?;
        let place = self.change.open(printer)?;
        let id = match &self.release {
            Some(release) => Some(wait_for(place.id_of(release))?),
            None => None,
        };
        if let Some(id) = &id {
            wait_for(async { Ok(place.publisher.published().manifest(id).await?) })?;
        }
        let location = place.publisher.location();
        let change = |now: Option<&Alias>| match now {
            Some(now) => rolled_back(now, id.as_deref(), &self::now()),
            None => Err(moonring_publish::Error::NoAlias {
                alias: self.alias.clone(),
                location: location.clone(),
            }),
        };
        moved(&place, &self.alias, change, &self.change, printer)
    }
}

fn is_alias(name: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        moonring_store::is_alias(name),
        "`{name}` is no alias; wanted letters, digits, - and _"
    );
    Ok(())
}

/// Moves an alias and says so.
fn moved(
    place: &Place,
    alias: &str,
    change: impl Fn(Option<&Alias>) -> Result<Alias, moonring_publish::Error>,
    arguments: &ChangeArguments,
    printer: Printer,
) -> anyhow::Result<ExitCode> {
    let (before, after) = wait_for(async {
        let before = place.publisher.alias(alias).await?.map(|known| known.alias);
        let after = match arguments.dry_run {
            true => change(before.as_ref())?,
            false => place.publisher.move_alias(alias, change).await?,
        };
        Ok((before, after))
    })?;
    let is_dry = arguments.dry_run;
    if arguments.json {
        let result = json!({"before": before, "after": after, "moved": !is_dry});
        printer.answer(result.to_string().as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let from = before.map_or("nothing".to_owned(), |before| before.serves);
    let would = if is_dry { "would serve" } else { "serves" };
    printer.data(&match &after.next {
        Some(next) => format!(
            "{alias} {would} {}, and {} for {} % of new calls",
            after.serves, next.id, next.percent
        ),
        None => format!("{alias} {would} {} (before: {from})", after.serves),
    })?;
    if !is_dry {
        printer.talk(&format!("`moonring rollback {alias}` goes back"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether recorded calls are the same on a release; what differs is shown.
fn replays(
    place: &Place,
    id: &str,
    folder: &std::path::Path,
    printer: Printer,
) -> anyhow::Result<bool> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .flatten();
    let mut calls: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    calls.retain(|path| path.is_dir() || path.extension().is_some_and(|ending| ending == "json"));
    calls.sort();
    anyhow::ensure!(!calls.is_empty(), "there are no recorded calls in {}", folder.display());
    let pulled = std::env::temp_dir().join(format!("moonring-{id}-{}", std::process::id()));
    let files = wait_for(place.files_of(id))?;
    write_files(&pulled, &files)?;
    let _progress = printer.progress(&format!("replaying {} calls on {id}", calls.len()));
    let own = std::env::current_exe().context("cannot find this program")?;
    let status = Command::new(own)
        .arg("replay")
        .args(&calls)
        .arg("--scripts")
        .arg(&pulled)
        .stdin(Stdio::null())
        .status()
        .context("cannot replay the calls");
    std::fs::remove_dir_all(&pulled).ok();
    let status = status?;
    anyhow::ensure!(
        matches!(status.code(), Some(0 | 1)),
        "the recorded calls cannot be replayed; nothing has moved"
    );
    Ok(status.success())
}
