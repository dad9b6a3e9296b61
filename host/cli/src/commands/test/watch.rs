//! Runs specs again when files change: those that a change touches.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;

use anyhow::Context as _;
use moonring_check::required_files;
use moonring_spec::Report;
use notify::{RecursiveMode, Watcher as _};

use super::Test;
use super::files::{Specs, all_scripts};
use crate::file_watcher::{QUIET, watcher};
use crate::printer::Printer;

/// The files beside the folder of the scripts that change what tests see.
const PROJECT: [&str; 2] = ["moonring.toml", ".env"];

/// What is known of a spec from its last run.
#[derive(Default)]
struct LastRun {
    /// The scripts that answered.
    scripts: BTreeSet<String>,
    /// The files that it and they required.
    files: BTreeSet<String>,
    has_failed: bool,
}

/// By spec.
type Touched = BTreeMap<String, LastRun>;

/// Runs all specs, and then, for as long as nobody stops it, those that a change touches.
///
/// # Errors
/// When files cannot be watched, or the first run cannot begin.
pub(super) fn run_again_and_again(test: &Test, printer: Printer) -> anyhow::Result<ExitCode> {
    let specs = test.open(printer)?;
    let (changed, changes) = mpsc::channel::<Vec<PathBuf>>();
    // The program may have ended.
    let mut watcher = watcher(move |paths| drop(changed.send(paths)))?;
    let failed = || format!("cannot watch {}", specs.folder.display());
    watcher.watch(&specs.folder, RecursiveMode::Recursive).with_context(failed)?;
    // Of the folder above only its own files, not those in the folders of it.
    let above =
        specs.folder.canonicalize().ok().and_then(|folder| folder.parent().map(Path::to_owned));
    if let Some(above) =
        above.as_ref().filter(|above| PROJECT.iter().any(|name| above.join(name).is_file()))
    {
        watcher.watch(above, RecursiveMode::NonRecursive).with_context(failed)?;
    }
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
        let is_project = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            PROJECT.contains(&name) && path.parent() == above.as_deref()
        };
        if let Some(path) = paths.iter().find(|path| is_project(path)) {
            printer.talk(&format!("\nchanged: {}", path.display()));
            if let Err(error) = round(test, &specs, &mut touched, printer) {
                printer.error(&error);
            }
            printer.talk("waiting for a change; Ctrl-C ends");
            continue;
        }
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

/// Runs what was chosen. Where that cannot be, it is owed: what changes until then counts too.
fn round(
    test: &Test,
    specs: &Specs,
    touched: &mut Touched,
    printer: Printer,
) -> anyhow::Result<()> {
    for spec in &specs.chosen {
        touched.entry(spec.clone()).or_default().has_failed = true;
    }
    let Ok(report) = test.play(specs, printer)? else { return Ok(()) };
    test.show(&report, specs, printer)?;
    remember(&report, touched);
    let there = all_scripts(&specs.folder).unwrap_or_default();
    let read = |name: &str| std::fs::read_to_string(specs.folder.join(name)).unwrap_or_default();
    for (spec, last) in touched.iter_mut().filter(|(spec, _)| specs.chosen.contains(spec)) {
        last.files = required_by(spec, Some(&*last), &there, &read);
    }
    Ok(())
}

fn remember(report: &Report, touched: &mut Touched) {
    for test in &report.tests {
        touched.insert(test.file.clone(), LastRun::default());
    }
    for test in &report.tests {
        if let Some(last) = touched.get_mut(&test.file) {
            last.scripts.extend(test.scripts.iter().cloned());
            last.has_failed |= test.failure().is_some();
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
        let last = touched.get(*spec);
        // What failed is run until it holds; what could not be run, too.
        if names.contains(*spec) || last.is_none_or(|last| last.has_failed) {
            return true;
        }
        let folder = spec.rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
        let stories = format!("{}__snapshots__/", folder.unwrap_or_default());
        let files = required_by(spec, last, &there, &read);
        let known = last.map(|last| &last.files);
        names.iter().any(|name| {
            // A file that is gone was required before.
            name.starts_with(&stories)
                || files.contains(name)
                || known.is_some_and(|known| known.contains(name))
        })
    };
    specs.chosen.iter().filter(is_touched).cloned().collect()
}

/// The files that a spec, its script and the scripts that answered its calls require.
fn required_by(
    spec: &str,
    last: Option<&LastRun>,
    there: &[String],
    read: &dyn Fn(&str) -> String,
) -> BTreeSet<String> {
    let mut files: Vec<String> = vec![spec.to_owned(), spec.replace(".spec.", ".")];
    let scripts = last.into_iter().flat_map(|last| &last.scripts);
    files.extend(scripts.flat_map(|script| [format!("{script}.lua"), format!("{script}.luau")]));
    let mut seen = BTreeSet::new();
    while let Some(file) = files.pop() {
        if seen.insert(file.clone()) {
            let required = required_files(&file, &read(&file), there.iter().map(String::as_str));
            files.extend(required.into_iter().map(str::to_owned));
        }
    }
    seen
}
