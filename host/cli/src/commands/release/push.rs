//! `moonring push`: a release from a folder, checked and tested first.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::Context as _;
use clap::Args;
use moonring_check::Severity;
use moonring_publish::{About, pushed};
use moonring_store::{CheckResult, LIVE, Location, TestResult};
use serde_json::{Value, json};

use super::place::{ChangeArguments, Place, files_in, now, wait_for};
use crate::commands::FAILED;
use crate::judge::judge;
use crate::printer::Printer;

/// Push a release.
#[derive(Args)]
#[command(
    about = "Push a release",
    long_about = "Checks and tests the scripts, writes the files that are not there yet and a manifest, and then moves an alias to the new release in one write. Cut short anywhere, the release that served before goes on serving; run it again, and it goes on where it stopped.",
    after_help = "\
Examples:
  moonring push --to s3://acme-ivr/line            ./scripts as the alias draft
  moonring push ivr --message 'opens at 8'         another folder; the place is that of moonring.toml
  moonring push --alias live                       new calls get it at once
  moonring push --dry-run                          what would be written
  moonring push --key moonring.key                 signed

Exit codes:
  0  the release is there, and the alias stands for it
  1  the scripts have errors, or a test fails; nothing was written
  2  it cannot be written, or somebody else moved the alias meanwhile"
)]
pub(crate) struct Push {
    /// The folder of scripts [default: as moonring.toml says, else ./scripts]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,

    /// The alias that is to stand for the release
    #[arg(long, value_name = "NAME", default_value = "draft")]
    alias: String,

    /// What the release is about
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,

    /// The oldest version of the host that can serve it, such as 0.1.0
    #[arg(long, value_name = "VERSION")]
    needs_host: Option<String>,

    /// Do not run the specs
    #[arg(long)]
    no_test: bool,

    #[command(flatten)]
    change: ChangeArguments,
}

impl Push {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(
            moonring_store::is_alias(&self.alias),
            "`{}` is no alias; wanted letters, digits, - and _",
            self.alias
        );
        let place = self.change.open(printer)?;
        let folder = match (&self.folder, &place.opened.table.scripts) {
            (Some(folder), _) => folder.clone(),
            (None, Some(Location::Folder(folder))) => folder.clone(),
            (None, _) => PathBuf::from("scripts"),
        };
        let files = files_in(&folder)?;
        anyhow::ensure!(!files.is_empty(), "there are no scripts in {}", folder.display());
        let Some(check) = check(&folder, &place, printer)? else { return Ok(FAILED.into()) };
        let test = if self.no_test { None } else { test(&folder, printer)? };
        if test.is_some_and(|test| test.failed > 0) {
            printer.error_text("nothing is pushed: a test fails; --no-test pushes without them");
            return Ok(FAILED.into());
        }
        if self.change.dry_run {
            let new = wait_for(async { Ok(place.publisher.new_files(&files).await?) })?;
            for file in &new {
                printer.data(&format!("would write {} ({} bytes)", file.name, file.bytes.len()))?;
            }
            printer.talk(&format!(
                "{} of {} files are new; the alias `{}` would stand for the release",
                new.len(),
                files.len(),
                self.alias
            ));
            return Ok(ExitCode::SUCCESS);
        }
        let about = About {
            message: self.message.clone(),
            check: Some(check),
            test,
            host: self.needs_host.clone(),
        };
        let told = |done: usize, total: usize| {
            if total > 20 && done.is_multiple_of(20) {
                printer.talk(&format!("{done} of {total} files are written"));
            }
        };
        let progress = printer.progress(&format!("writing to {}", place.publisher.location()));
        let (done, alias) = wait_for(async {
            let publisher = &place.publisher;
            let done = publisher.push(&files, &self.alias, about, &told).await?;
            // A file that was there may have been pruned since.
            let manifest = publisher.published().manifest(&done.id).await?;
            if let Some(lost) = place.lacks(&manifest).await? {
                anyhow::bail!("{lost} was pruned at this very moment; run the command again");
            }
            let change = |now: Option<&moonring_store::Alias>| {
                Ok(pushed(&self.alias, now, &done.id, &self::now()))
            };
            let is_there = done.is_unchanged
                && !publisher.is_signing()
                && publisher.alias(&self.alias).await?.is_some_and(|known| {
                    known.alias.serves == done.id && known.alias.next.is_none()
                });
            let alias = match is_there {
                true => None,
                false => Some(publisher.move_alias(&self.alias, change).await?),
            };
            Ok((done, alias))
        })?;
        drop(progress);
        if self.change.json {
            let result = json!({
                "release": done.id, "alias": self.alias, "files": done.files,
                "new_files": done.new_files, "moved": alias.is_some(),
                "previous": alias.and_then(|alias| alias.previous),
            });
            printer.answer(result.to_string().as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        printer.data(&done.id)?;
        printer.talk(&match &alias {
            None => format!("`{}` stands for it already; nothing was written", self.alias),
            Some(_) => {
                let next = match self.alias.as_str() {
                    LIVE => "`moonring rollback` goes back".to_owned(),
                    alias => format!("`moonring promote {alias} live` makes it live"),
                };
                let (new, files) = (done.new_files, done.files);
                format!(
                    "{new} of {files} files were new; `{}` stands for it now; {next}",
                    self.alias
                )
            }
        });
        Ok(ExitCode::SUCCESS)
    }
}

/// What a check says; none where there are errors, which are shown.
fn check(folder: &Path, place: &Place, printer: Printer) -> anyhow::Result<Option<CheckResult>> {
    let location = Location::Folder(folder.to_owned());
    let judged = judge(&location, &place.opened.settings, None, None)?;
    let is_error = |severity: Severity| severity == Severity::Error;
    let errors = judged.problems.iter().filter(|problem| is_error(problem.code.severity)).count();
    let warnings = judged.problems.len() - errors;
    if errors > 0 || !judged.is_accepted {
        for problem in &judged.problems {
            printer.data(&problem.to_string())?;
        }
        printer.error_text("nothing is pushed: the scripts have errors");
        return Ok(None);
    }
    Ok(Some(CheckResult { errors, warnings }))
}

/// What the specs say; none where there are none.
fn test(folder: &Path, printer: Printer) -> anyhow::Result<Option<TestResult>> {
    let has_specs = std::fs::read_dir(folder).is_ok_and(|mut entries| {
        entries.any(|entry| {
            entry.is_ok_and(|entry| entry.file_name().to_string_lossy().contains(".spec.lua"))
        })
    });
    if !has_specs {
        return Ok(None);
    }
    let _progress = printer.progress("running the specs");
    // Its own command says all there is to say of them.
    let own = std::env::current_exe().context("cannot find this program")?;
    let output = Command::new(own)
        .args(["test", "--json", "--scripts"])
        .arg(folder)
        .stdin(Stdio::null())
        .output()
        .context("cannot run the specs")?;
    let report: Value = serde_json::from_slice(&output.stdout).with_context(|| {
        format!("the specs cannot be run: {}", String::from_utf8_lossy(&output.stderr).trim())
    })?;
    let count = |name: &str| report[name].as_u64().and_then(|count| usize::try_from(count).ok());
    let (passed, failed) = (count("passed").unwrap_or(0), count("failed").unwrap_or(0));
    if failed > 0 {
        printer.talk(&format!(
            "{failed} of {} tests fail; `moonring test` shows them",
            passed + failed
        ));
    }
    Ok(Some(TestResult { passed, failed }))
}
