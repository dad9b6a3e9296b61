//! The audio files of a project, by their names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use moonring_store::Location;

use crate::commands::location;
use crate::project::Project;

/// The folder that is looked for where nothing is said.
const FOLDER: &str = "prompts";

/// The audio files that are there: `said`, what moonring.toml says, or the folder `prompts`; none
/// where nobody says where they are.
///
/// # Errors
/// When they cannot be listed.
pub(super) fn audio_files(
    said: Option<&Location>,
    project: &Project,
) -> anyhow::Result<Option<BTreeSet<String>>> {
    let usual = || usual_folder(project).map(Location::Folder);
    let is_said = said.or(project.table.audio.as_ref());
    match is_said.cloned().or_else(usual) {
        None => Ok(None),
        Some(Location::Folder(folder)) => {
            anyhow::ensure!(
                folder.is_dir(),
                "{} is not a folder; name the folder of your audio files",
                folder.display()
            );
            let mut all = BTreeSet::new();
            list(&folder, &folder, &mut all)?;
            // A folder of this name without any audio is about something else.
            let has_audio = all.iter().any(|name| name.ends_with(".wav"));
            Ok((has_audio || is_said.is_some()).then_some(all))
        }
        Some(place @ Location::S3 { .. }) => {
            let objects = location::open_blocking(&place)?.objects();
            let objects = objects.context("audio files cannot be listed there")?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.context("cannot start the async runtime")?;
            let listed = runtime.block_on(objects.list(""));
            let listed = listed.map_err(|error| anyhow::anyhow!("cannot list {place}: {error}"))?;
            Ok(Some(listed.into_iter().map(|object| object.name).collect()))
        }
    }
}

fn usual_folder(project: &Project) -> Option<PathBuf> {
    let scripts = project.folder()?;
    let beside = scripts.parent().map(|folder| folder.join(FOLDER));
    [Some(scripts.join(FOLDER)), beside].into_iter().flatten().find(|folder| folder.is_dir())
}

fn list(folder: &Path, top: &Path, all: &mut BTreeSet<String>) -> anyhow::Result<()> {
    let read = || format!("cannot list {}", folder.display());
    for entry in std::fs::read_dir(folder).with_context(read)? {
        let path = entry.with_context(read)?.path();
        if path.is_dir() {
            list(&path, top, all)?;
        } else if let Ok(name) = path.strip_prefix(top) {
            all.insert(name.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"));
        }
    }
    Ok(())
}
