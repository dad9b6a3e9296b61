//! Watches the folder of the scripts: what an author saves is taken as a release at once, and told.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use moonring_store::Source;
use notify::{RecursiveMode, Watcher};
use serde_json::Value;
use tokio::sync::mpsc;

use super::feed::Feed;
use super::gone_source::GoneSource;
use super::releases::Releases;
use super::source_switch::SourceSwitch;
use crate::commands::location;
use crate::file_watcher::{QUIET, polling_watcher, watcher};
use crate::judge::{Judged, judge_source};
use crate::local_host::Scripts;
use crate::printer::{Printer, printable};
use crate::project::Project;

/// How long the scripts may take to load.
const LOAD: Duration = Duration::from_secs(30);
/// How often is looked whether the folder is still the one that is watched.
const LOOK: Duration = Duration::from_secs(1);

/// What is done with the scripts whenever they are saved.
pub(crate) struct ReleaseWatch {
    pub(crate) project: Rc<Project>,
    pub(crate) scripts: Rc<Scripts>,
    pub(crate) releases: Releases,
    pub(crate) feed: Feed,
    pub(crate) switch: SourceSwitch,
    pub(crate) printer: Printer,
    /// Whether the files are looked at, because nobody tells of changes.
    pub(crate) polls: bool,
}

/// A folder that is watched.
struct Watched {
    /// Stops watching when it is dropped.
    _watcher: Box<dyn Watcher>,
    /// Without links.
    folder: PathBuf,
    identity: Option<Identity>,
}

impl ReleaseWatch {
    /// Takes what is there now, and then whatever is saved, for as long as the server runs.
    ///
    /// # Errors
    /// When the folder cannot be watched.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let folder = self.project.folder().context("moonring dev needs a folder of scripts")?;
        let (changed, mut changes) = mpsc::unbounded_channel::<Vec<PathBuf>>();
        let mut watched = self.watch(&folder, &changed)?;
        self.take().await;
        loop {
            tokio::select! {
                paths = changes.recv() => {
                    let Some(mut paths) = paths else { return Ok(()) };
                    while let Ok(Some(more)) = tokio::time::timeout(QUIET, changes.recv()).await {
                        paths.extend(more);
                    }
                    if paths.iter().any(|path| counts(path, &watched.folder)) {
                        self.take().await;
                    }
                }
                () = self.switch.turned() => self.take().await,
                () = tokio::time::sleep(LOOK) => {
                    // Another folder of the same name: a version that was checked out, or unpacked.
                    let now = Identity::of(&folder);
                    if now.is_some() && now != watched.identity {
                        watched = self.watch(&folder, &changed)?;
                        self.take().await;
                    }
                }
            }
        }
    }

    fn watch(
        &self,
        folder: &Path,
        changed: &mpsc::UnboundedSender<Vec<PathBuf>>,
    ) -> anyhow::Result<Watched> {
        let changed = changed.clone();
        // The server may have ended.
        let tell = move |paths| drop(changed.send(paths));
        let mut watcher: Box<dyn Watcher> =
            if self.polls { polling_watcher(tell)? } else { Box::new(watcher(tell)?) };
        let identity = Identity::of(folder);
        // Events name files as the watcher was given the folder.
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let failed = || format!("cannot watch {}; try --poll", folder.display());
        watcher.watch(&folder, RecursiveMode::Recursive).with_context(failed)?;
        Ok(Watched { _watcher: watcher, folder, identity })
    }

    /// Takes the scripts as they are, as a host does, and tells what is new.
    async fn take(&self) {
        // First of all it is heard; what a check finds besides takes longer.
        self.scripts.prepare(LOAD).await;
        let source = location::open(&self.project.location).await;
        let source: Arc<dyn Source> = Arc::new(GoneSource::over(source, self.switch.clone()));
        let (settings, script) = (self.project.settings.clone(), self.project.script.clone());
        let judging = tokio::task::spawn_blocking(move || {
            judge_source(source, &settings, script.as_deref(), None)
        });
        let judged = match judging.await {
            Ok(Ok(judged)) => judged,
            // The host itself has said so.
            Ok(Err(_)) if self.switch.is_gone() => return,
            Ok(Err(error)) => return self.printer.error_text(&printable(&format!("{error:#}"))),
            Err(error) => return self.printer.error_text(&error.to_string()),
        };
        let is_first = self.releases.newest().is_none();
        if let Some(told) = self.releases.take(&judged) {
            self.say(&judged, &told, is_first);
            self.feed.add_for_all("release", told);
        }
    }

    fn say(&self, judged: &Judged, told: &Value, is_first: bool) {
        let release = judged.release.as_deref().unwrap_or("-");
        let changed: Vec<&str> =
            told["Changed"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let changed = match changed.len() {
            0 => String::new(),
            _ => format!(" ({} changed)", changed.join(", ")),
        };
        for problem in &judged.problems {
            self.printer.talk(&printable(&problem.to_string()));
        }
        let text = match (judged.is_accepted, is_first) {
            (true, true) => format!("release {release} answers calls"),
            (true, false) => format!("release {release}{changed} answers new calls"),
            (false, _) => match told["Serving"].as_str() {
                Some(serving) => {
                    format!("release {release}{changed} is refused; {serving} keeps answering")
                }
                None => format!("release {release} is refused; callers hear an apology"),
            },
        };
        self.printer.talk(&text);
    }
}

/// What tells a folder from another one of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    file: u64,
}

impl Identity {
    /// Of a folder; none where it is not there, or nothing tells it from others.
    fn of(folder: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(folder).ok()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            Some(Self { device: metadata.dev(), file: metadata.ino() })
        }
        #[cfg(not(unix))]
        {
            let _ = metadata;
            None
        }
    }
}

/// Whether a change of this file can change what calls do.
fn counts(path: &Path, folder: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(folder) else { return true };
    let is_hidden =
        |part: &std::ffi::OsStr| part.to_str().is_some_and(|part| part.starts_with('.'));
    !inside.iter().any(is_hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_count_but_for_those_that_are_hidden_inside() {
        let folder = Path::new("/home/ann/.work/scripts");
        for (path, is_it) in [
            ("/home/ann/.work/scripts/main.lua", true),
            ("/home/ann/.work/scripts/lib/util.lua", true),
            ("/home/ann/.work/scripts/.git/index", false),
            ("../scripts/main.lua", true),
        ] {
            assert_eq!(counts(Path::new(path), folder), is_it, "{path}");
        }
    }
}
