//! The specs of a folder, and the stories that they keep.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use moonring_aws::check_members;
use moonring_spec::{Line, ProjectReplies, SpecFile, Suite, at_ms};
use moonring_store::Location;

use crate::bots;
use crate::commands::location;
use crate::phone_number::{FROM, TO};
use crate::printer::Printer;
use crate::project::Project;

/// When tests begin that do not say: 2026-06-01, a Monday, at 10:00 of their zone.
const AT: &str = "2026-06-01 10:00";
/// The folder of stories.
const STORIES: &str = "__snapshots__";

/// Specs, and the project that they belong to.
pub(crate) struct Specs {
    /// The folder of the scripts.
    pub(super) folder: PathBuf,
    /// All specs that are there, by path from the folder.
    pub(super) all: Vec<String>,
    /// Those that are to run.
    pub(super) chosen: Vec<String>,
    /// Lines of them that tests were chosen by.
    pub(super) lines: Vec<Line>,
    pub(super) project: Project,
    /// What command lines need to find the scripts.
    pub(super) arguments: Vec<String>,
}

impl Specs {
    /// The specs of a project: that of its script, where one was named, or all.
    ///
    /// # Errors
    /// When there are none.
    pub(crate) fn of_project(project: Project) -> anyhow::Result<Self> {
        let Location::Folder(folder) = &project.location else {
            anyhow::bail!("specs lie beside scripts in a folder; name one with --scripts DIR");
        };
        let folder = folder.clone();
        let all = all_specs(&folder)?;
        let is_wanted = |spec: &&String| {
            let own = spec.split(".spec.").next();
            project.script.is_none() || project.script.as_deref() == own
        };
        let chosen: Vec<String> = all.iter().filter(is_wanted).cloned().collect();
        anyhow::ensure!(
            !chosen.is_empty(),
            "there are no specs of these scripts in {}; write one, such as {}",
            folder.display(),
            folder
                .join(project.script.as_deref().unwrap_or("main"))
                .with_extension("spec.lua")
                .display()
        );
        Ok(Self { folder, all, chosen, lines: Vec::new(), project, arguments: Vec::new() })
    }

    /// Everything that the run needs, read now.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn suite(&self, printer: Printer) -> anyhow::Result<Suite> {
        let table = &self.project.table;
        let read = |name: &String| {
            let path = self.folder.join(name);
            let text = std::fs::read(&path);
            let text = text.with_context(|| format!("cannot read {}", path.display()))?;
            // Other bytes than those of UTF-8 are told where they matter.
            Ok(SpecFile { name: name.clone(), text: String::from_utf8_lossy(&text).into_owned() })
        };
        let specs = self.chosen.iter().map(read).collect::<anyhow::Result<_>>()?;
        let at = table.at.clone().unwrap_or_else(|| AT.to_owned());
        let zone = table.zone.clone();
        // A time without a day is one of the same day as all others.
        let day = at_ms(AT, Some("UTC"), 0)?;
        let replies = match &table.replies {
            Some(path) => Some(ProjectReplies {
                path: path.display().to_string(),
                text: std::fs::read(path)
                    .with_context(|| format!("cannot read {}", path.display()))?,
            }),
            None => None,
        };
        if let Some(replies) = &replies {
            replies.read()?;
        }
        let _progress = printer.progress("loading the scripts");
        Ok(Suite {
            source: location::open_blocking(&self.project.location)?,
            settings: self.project.local_settings(),
            specs,
            from: table.from.clone().unwrap_or_else(|| FROM.to_owned()),
            to: table.to.clone().unwrap_or_else(|| TO.to_owned()),
            at_ms: at_ms(&at, Some(zone.as_deref().unwrap_or("UTC")), day)?,
            zone,
            bots: table.bots.as_ref().map_or(Ok(BTreeMap::new()), |path| bots::read(path))?,
            replies,
            judge: check_members,
            scripts_arguments: self.arguments.clone(),
            has_routes: has_routes(&self.folder),
            is_once: false,
            updates: false,
            snapshots: self.stories()?,
        })
    }

    /// The stories that were kept, by path from the folder.
    fn stories(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let mut stories = BTreeMap::new();
        let mut folders: Vec<_> = self.all.iter().map(|name| parent(name)).collect();
        folders.dedup();
        for folder in folders {
            let below = self.folder.join(&folder).join(STORIES);
            for entry in std::fs::read_dir(&below).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.ends_with(".txt") {
                    let text = std::fs::read_to_string(entry.path());
                    let text =
                        text.with_context(|| format!("cannot read {}", entry.path().display()))?;
                    stories.insert(format!("{folder}{STORIES}/{name}"), text);
                }
            }
        }
        Ok(stories)
    }

    /// Writes the stories of a run, where that is wanted.
    ///
    /// # Errors
    /// When one cannot be written.
    pub(super) fn write_stories(
        &self,
        stories: &BTreeMap<String, String>,
        updates: bool,
        printer: Printer,
    ) -> anyhow::Result<()> {
        if !updates {
            return Ok(());
        }
        let before = self.stories()?;
        let mut written = 0;
        for (name, story) in
            stories.iter().filter(|(name, story)| before.get(*name) != Some(*story))
        {
            let path = self.folder.join(name);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("cannot make {}", folder.display()))?;
            }
            std::fs::write(&path, story)
                .with_context(|| format!("cannot write {}", path.display()))?;
            written += 1;
        }
        if written > 0 {
            let what = if written == 1 { "story" } else { "stories" };
            printer.talk(&format!("{written} {what} written to {STORIES}"));
        }
        Ok(())
    }

    /// Whether not all specs were chosen.
    pub(super) fn is_part(&self) -> bool {
        self.chosen.len() < self.all.len()
    }

    /// A file as this command line would name it.
    pub(super) fn path(&self, name: &str) -> String {
        match self.folder == Path::new(".") {
            true => name.to_owned(),
            false => self.folder.join(name).display().to_string(),
        }
    }
}

/// Whether the scripts of a folder have routes.
fn has_routes(folder: &Path) -> bool {
    ["routes.lua", "routes.luau"].iter().any(|name| folder.join(name).is_file())
}

/// The folder of a path, ending in a slash.
fn parent(name: &str) -> String {
    name.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

/// Whether a file is a spec.
pub(super) fn is_spec(name: &str) -> bool {
    name.ends_with(".spec.lua") || name.ends_with(".spec.luau")
}

/// The specs of a folder and the folders in it, by path from it. Releases of an alias have their
/// own.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn all_specs(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = all_scripts(folder)?;
    found.retain(|name| is_spec(name));
    Ok(found)
}

/// The same for scripts, modules and specs.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn all_scripts(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    collect(folder, "", &mut found).with_context(|| format!("cannot read {}", folder.display()))?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, inside: &str, found: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(['.', '@']) {
            continue;
        }
        // A link can lead in a circle.
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{inside}{name}/"), found)?;
        } else if name.ends_with(".lua") || name.ends_with(".luau") {
            found.push(format!("{inside}{name}"));
        }
    }
    Ok(())
}
