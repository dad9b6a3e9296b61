//! Watches the folder of the scripts: what an author saves is taken as a release at once, and told.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::Context as _;
use moonring_runtime::Checked;
use notify::{RecursiveMode, Watcher};
use serde_json::Value;
use tokio::sync::mpsc;

use super::feed::Feed;
use super::releases::Releases;
use crate::file_watcher::{QUIET, polling_watcher, watcher};
use crate::judge::{Judged, judge};
use crate::local_host::Scripts;
use crate::printer::{Printer, printable};
use crate::project::Project;

/// How long the scripts may take to load.
const LOAD: Duration = Duration::from_secs(30);

/// What is done with the scripts whenever they are saved.
pub(crate) struct ReleaseWatch {
    pub(crate) project: Rc<Project>,
    pub(crate) scripts: Rc<Scripts>,
    pub(crate) releases: Releases,
    pub(crate) feed: Feed,
    pub(crate) printer: Printer,
    /// Whether the files are looked at, because nobody tells of changes.
    pub(crate) polls: bool,
}

impl ReleaseWatch {
    /// Takes what is there now, and then whatever is saved, for as long as the server runs.
    ///
    /// # Errors
    /// When the folder cannot be watched.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let folder = self.project.folder().context("moonring dev needs a folder of scripts")?;
        let (changed, mut changes) = mpsc::unbounded_channel::<Vec<PathBuf>>();
        // The server may have ended.
        let tell = move |paths| drop(changed.send(paths));
        let mut watcher: Box<dyn Watcher> =
            if self.polls { polling_watcher(tell)? } else { Box::new(watcher(tell)?) };
        let failed = || format!("cannot watch {}; try --poll", folder.display());
        watcher.watch(&folder, RecursiveMode::Recursive).with_context(failed)?;
        let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
        self.take().await;
        while let Some(mut paths) = changes.recv().await {
            while let Ok(Some(more)) = tokio::time::timeout(QUIET, changes.recv()).await {
                paths.extend(more);
            }
            if paths.iter().any(|path| counts(path, &folder)) {
                self.take().await;
            }
        }
        Ok(())
    }

    /// Takes the scripts as they are, as a host does, and tells what is new.
    async fn take(&self) {
        // First of all it is heard; what a check finds besides takes longer.
        self.scripts.prepare(LOAD).await;
        let (location, settings) = (self.project.location.clone(), self.project.settings.clone());
        let script = self.project.script.clone();
        let judging =
            tokio::task::spawn_blocking(move || judge(&location, &settings, script.as_deref()));
        let checked = match judging.await {
            Ok(Ok(Judged { checked, .. })) => checked,
            Ok(Err(error)) => return self.printer.error_text(&printable(&format!("{error:#}"))),
            Err(error) => return self.printer.error_text(&error.to_string()),
        };
        let is_first = self.releases.newest().is_none();
        if let Some(told) = self.releases.take(&checked) {
            self.say(&checked, &told, is_first);
            self.feed.add_for_all("release", told);
        }
    }

    fn say(&self, checked: &Checked, told: &Value, is_first: bool) {
        let release = checked.release.as_deref().unwrap_or("-");
        let changed: Vec<&str> =
            told["Changed"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let changed = match changed.len() {
            0 => String::new(),
            _ => format!(" ({} changed)", changed.join(", ")),
        };
        for problem in &checked.problems {
            self.printer.talk(&printable(&problem.to_string()));
        }
        match (checked.is_accepted, is_first) {
            (true, true) => self.printer.talk(&format!("release {release} answers calls")),
            (true, false) => {
                self.printer.talk(&format!("release {release}{changed} answers new calls"))
            }
            (false, _) => match told["Serving"].as_str() {
                Some(serving) => self
                    .printer
                    .talk(&format!("release {release}{changed} is refused; {serving} answers on")),
                None => self
                    .printer
                    .talk(&format!("release {release} is refused; calls hear an apology")),
            },
        }
    }
}

/// Whether a change of this file can change what calls do.
fn counts(path: &Path, folder: &Path) -> bool {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let is_hidden =
        |part: &std::ffi::OsStr| part.to_str().is_some_and(|part| part.starts_with('.'));
    !inside.iter().any(is_hidden)
}
