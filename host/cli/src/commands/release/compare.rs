//! `moonring diff`: what is different between two releases.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use moonring_publish::{SourceFile, unified};

use super::place::{Place, PlaceArguments, files_in, wait_for};
use crate::commands::FAILED;
use crate::printer::{Hue, Printer};

/// Show what differs between releases.
#[derive(Args)]
#[command(
    about = "Show what differs between releases",
    after_help = "\
Examples:
  moonring diff live .          what a push of ./scripts would change
  moonring diff live draft
  moonring diff 5f2a 9c01       by ids, or the beginnings of them
  moonring diff live my-scripts a folder, if no alias is called so

Exit codes:
  0  they are the same
  1  they differ
  2  there is no such release"
)]
pub(crate) struct Diff {
    /// The older one: an alias, an id, a folder, or `.` for the scripts of this project
    #[arg(value_name = "A")]
    before: String,

    /// The newer one
    #[arg(value_name = "B", default_value = ".")]
    after: String,

    #[command(flatten)]
    place: PlaceArguments,
}

impl Diff {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let place = self.place.open(printer)?;
        let before = files(&place, &self.before)?;
        let after = files(&place, &self.after)?;
        let difference = unified(&before, &after);
        if difference.is_empty() {
            printer.talk("they are the same");
            return Ok(ExitCode::SUCCESS);
        }
        for line in difference.lines() {
            let hue = match line.chars().next() {
                Some('+') => Hue::Speech,
                Some('-') => Hue::Failure,
                Some('@') => Hue::Aside,
                _ => Hue::Plain,
            };
            printer.coloured_data(line, hue)?;
        }
        Ok(FAILED.into())
    }
}

fn files(place: &Place, named: &str) -> anyhow::Result<Vec<SourceFile>> {
    if named == "." {
        return match place.opened.scripts() {
            moonring_store::Location::Folder(folder) => files_in(&folder),
            other => anyhow::bail!("the scripts of this project are in {other}; name a folder"),
        };
    }
    match wait_for(place.id_of(named)) {
        Ok(id) => wait_for(place.files_of(&id)),
        Err(_) if Path::new(named).is_dir() => files_in(Path::new(named)),
        Err(error) => Err(error),
    }
}
