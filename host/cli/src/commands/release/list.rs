//! `moonring releases` and `moonring show`: which releases there are, and what is in one.

use std::process::ExitCode;

use clap::Args;
use moonring_store::Manifest;
use serde_json::json;

use super::place::{PlaceArguments, wait_for};
use crate::commands::logs::{LogArguments, is_call_id, show_call};
use crate::printer::Printer;

/// List the releases.
#[derive(Args)]
#[command(
    about = "List the releases",
    after_help = "\
Examples:
  moonring releases                         newest first
  moonring releases --to s3://acme-ivr/line
  moonring releases --json

Exit codes:
  0  they are listed
  2  the place cannot be read"
)]
pub(crate) struct Releases {
    #[command(flatten)]
    place: PlaceArguments,

    /// Print a JSON list
    #[arg(long)]
    json: bool,
}

/// Show a release, or a call of the log.
#[derive(Args)]
#[command(
    about = "Show a release, or a call of the log",
    after_help = "\
Examples:
  moonring show live      the release that serves: who, when, what for, and its files
  moonring show 5f2a      by its id, or the beginning of it
  moonring show 116ad019-7c2e-4f7a-9e0c-2f6f0c1d7a11 --function acme-line
                          a call: what came, what was answered, and what went wrong

Exit codes:
  0  it is shown
  2  there is no such release, or no such call in the log"
)]
pub(crate) struct Show {
    /// The release: an alias, an id, or the beginning of an id. Or the id of a call
    #[arg(value_name = "RELEASE|CALL")]
    release: String,

    #[command(flatten)]
    place: PlaceArguments,

    #[command(flatten)]
    log: LogArguments,

    /// Print its manifest, or the lines of the call, as JSON
    #[arg(long)]
    json: bool,
}

impl Releases {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let place = self.place.open(printer)?;
        let progress =
            printer.progress(&format!("reading the releases of {}", place.publisher.location()));
        let (releases, aliases) = wait_for(async {
            let releases = place.publisher.releases().await?;
            Ok((releases, place.publisher.published().aliases().await?))
        })?;
        drop(progress);
        let names = |id: &str| -> Vec<&str> {
            let serving = aliases.values().filter(|known| known.alias.serves == id);
            serving.map(|known| known.alias.alias.as_str()).collect()
        };
        let mut rows: Vec<_> = releases.iter().collect();
        rows.sort_by(|(_, one), (_, other)| other.at.cmp(&one.at));
        if self.json {
            let rows: Vec<_> = rows
                .iter()
                .map(|(id, manifest)| json!({"id": id, "aliases": names(id), "manifest": manifest}))
                .collect();
            printer.answer(json!(rows).to_string().as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        for (id, manifest) in rows {
            let by = manifest.by.as_deref().unwrap_or("-");
            let names = names(id).join(",");
            let message = manifest.message.as_deref().unwrap_or("");
            printer.data(&format!("{id}  {}  {by:10}  {names:12}  {message}", manifest.at))?;
        }
        if releases.is_empty() {
            printer.talk("there are no releases; `moonring push` makes one");
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Show {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        if is_call_id(&self.release) {
            wait_for(show_call(&self.release, &self.log, self.json, printer))?;
            return Ok(ExitCode::SUCCESS);
        }
        let place = self.place.open(printer)?;
        let id = wait_for(place.id_of(&self.release))?;
        let manifest = wait_for(async { Ok(place.publisher.published().manifest(&id).await?) })?;
        if self.json {
            let shown = json!({"id": id, "manifest": manifest});
            printer.answer(shown.to_string().as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        show(&id, &manifest, printer)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn show(id: &str, manifest: &Manifest, printer: Printer) -> anyhow::Result<()> {
    let check =
        manifest.check.map(|check| format!("{} errors, {} warnings", check.errors, check.warnings));
    let test = manifest.test.map(|test| format!("{} passed, {} failed", test.passed, test.failed));
    let rows = [
        ("release", Some(id.to_owned())),
        ("parent", manifest.parent.clone()),
        ("by", manifest.by.clone()),
        ("at", Some(manifest.at.clone())),
        ("message", manifest.message.clone()),
        ("check", check),
        ("test", test),
        ("needs host", manifest.host.clone()),
    ];
    for (name, value) in rows {
        if let Some(value) = value {
            printer.data(&format!("{name:12}{value}"))?;
        }
    }
    for (name, file) in &manifest.files {
        printer.data(&format!("{:>10}  {name}", file.bytes))?;
    }
    Ok(())
}
