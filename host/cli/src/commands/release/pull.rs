//! `moonring pull`: the files of a release, in a folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use moonring_publish::SourceFile;

use super::place::{PlaceArguments, wait_for};
use crate::printer::Printer;

/// Write the files of a release into a folder.
#[derive(Args)]
#[command(
    about = "Write the files of a release into a folder",
    after_help = "\
Examples:
  moonring pull live now           what serves
  moonring pull 5f2a before        a release by its id, or the beginning of it

Exit codes:
  0  the files are written
  2  there is no such release, or the folder is not empty"
)]
pub(crate) struct Pull {
    /// The release: an alias, an id, or the beginning of an id
    #[arg(value_name = "RELEASE")]
    release: String,

    /// The folder: a new one, or one that is empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    #[command(flatten)]
    place: PlaceArguments,
}

impl Pull {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let is_empty =
            std::fs::read_dir(&self.folder).map_or(true, |mut files| files.next().is_none());
        anyhow::ensure!(
            is_empty,
            "{} is not empty; name a new folder, so that nothing of yours is overwritten",
            self.folder.display()
        );
        let place = self.place.open(printer)?;
        let id = wait_for(place.id_of(&self.release))?;
        let files = wait_for(place.files_of(&id))?;
        write_files(&self.folder, &files)?;
        printer.data(&id)?;
        printer.talk(&format!("{} files are in {}", files.len(), self.folder.display()));
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes files into a folder.
///
/// # Errors
/// When one cannot be written.
pub(super) fn write_files(folder: &Path, files: &[SourceFile]) -> anyhow::Result<()> {
    for file in files {
        let path = folder.join(&file.name);
        let failed = || format!("cannot write {}", path.display());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(failed)?;
        }
        std::fs::write(&path, &file.bytes).with_context(failed)?;
    }
    Ok(())
}
