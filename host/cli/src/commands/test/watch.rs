//! Runs specs again when files change: those that a change touches.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context as _;
use moonring_check::required_files;
use moonring_spec::Report;
use notify::{EventKind, RecursiveMode, Watcher as _};

use super::Test;
use super::files::{Specs, all_scripts, is_spec};
use crate::printer::Printer;

/// After so long without another change all files are written.
const QUIET: Duration = Duration::from_millis(50);

/// What each spec ran the last time.
type Touched = BTreeMap<String, BTreeSet<String>>;

/// Runs all specs, and then, for as long as nobody stops it, those that a change touches.
///
/// # Errors
/// When files cannot be watched, or the first run cannot begin.
pub(super) fn run_again_and_again(test: &Test, printer: Printer) -> anyhow::Result<ExitCode> {
    let specs = test.open(printer)?;
    let (changed, changes) = mpsc::channel::<Vec<PathBuf>>();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
        {
            // The program may have ended.
            let _ = changed.send(event.paths);
        }
    })
    .context("cannot watch files")?;
    let failed = || format!("cannot watch {}", specs.folder.display());
    watcher.watch(&specs.folder, RecursiveMode::Recursive).with_context(failed)?;
    let mut touched = Touched::new();
    round(test, &specs, &mut touched, printer)?;
    printer.talk("waiting for a change; Ctrl-C ends");
    while let Ok(mut paths) = changes.recv() {
        while let Ok(more) = changes.recv_timeout(QUIET) {
            paths.extend(more);
        }
        let specs = match test.open(printer) {
            Ok(specs) => specs,
            Err(error) => {
                printer.error(&error);
                continue;
            }
        };
        let folder = std::fs::canonicalize(&specs.folder).unwrap_or_else(|_| specs.folder.clone());
        let inside = |path: &PathBuf| {
            let inside = path.strip_prefix(&folder).or_else(|_| path.strip_prefix(&specs.folder));
            inside.ok().map(|inside| inside.to_string_lossy().replace('\\', "/"))
        };
        let names: BTreeSet<String> =
            paths.iter().filter_map(inside).filter(|name| counts(name)).collect();
        let chosen = touched_by(&names, &specs, &touched);
        if chosen.is_empty() {
            continue;
        }
        let list = names.iter().cloned().collect::<Vec<_>>().join(", ");
        printer.talk(&format!("\nchanged: {list}"));
        let specs = Specs { chosen, ..specs };
        if let Err(error) = round(test, &specs, &mut touched, printer) {
            printer.error(&error);
        }
        printer.talk("waiting for a change; Ctrl-C ends");
    }
    Ok(ExitCode::SUCCESS)
}

fn round(
    test: &Test,
    specs: &Specs,
    touched: &mut Touched,
    printer: Printer,
) -> anyhow::Result<()> {
    if let Ok((report, _)) = test.play(specs, printer)? {
        test.show(&report, specs, printer)?;
        remember(&report, touched);
    }
    Ok(())
}

fn remember(report: &Report, touched: &mut Touched) {
    for test in &report.tests {
        touched.insert(test.file.clone(), BTreeSet::new());
    }
    for test in &report.tests {
        if let Some(scripts) = touched.get_mut(&test.file) {
            scripts.extend(test.scripts.iter().cloned());
        }
    }
}

/// Whether a change of this file can change a test.
fn counts(name: &str) -> bool {
    let is_hidden = name.split('/').any(|part| part.starts_with('.'));
    !is_hidden && [".lua", ".luau", ".json", ".txt"].iter().any(|ending| name.ends_with(ending))
}

/// The specs that changed files touch: they themselves, those whose scripts or modules they are,
/// and all where it is a file that every script sees.
fn touched_by(names: &BTreeSet<String>, specs: &Specs, touched: &Touched) -> Vec<String> {
    let is_for_all = |name: &String| {
        name.ends_with(".json") || matches!(name.as_str(), "routes.lua" | "routes.luau")
    };
    if names.iter().any(is_for_all) {
        return specs.chosen.clone();
    }
    let there = all_scripts(&specs.folder).unwrap_or_default();
    let read = |name: &str| std::fs::read_to_string(specs.folder.join(name)).unwrap_or_default();
    let is_touched = |spec: &&String| {
        let folder = spec.rsplit_once('/').map_or("", |(folder, _)| folder);
        if names.contains(*spec)
            || names.iter().any(|name| name.starts_with(&format!("{folder}__snapshots__")))
        {
            return true;
        }
        let mut files: Vec<String> = vec![(*spec).clone(), spec.replace(".spec.", ".")];
        let scripts = touched.get(*spec).into_iter().flatten();
        files
            .extend(scripts.flat_map(|script| [format!("{script}.lua"), format!("{script}.luau")]));
        let mut seen = BTreeSet::new();
        while let Some(file) = files.pop() {
            if seen.insert(file.clone()) {
                let required =
                    required_files(&file, &read(&file), there.iter().map(String::as_str));
                files.extend(required.into_iter().map(str::to_owned));
            }
        }
        names.iter().any(|name| seen.contains(name))
            || names.iter().any(|name| is_spec(name) && name == *spec)
    };
    specs.chosen.iter().filter(is_touched).cloned().collect()
}
