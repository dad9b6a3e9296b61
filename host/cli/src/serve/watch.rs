//! Watches the files of programs: those that change are started anew.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Context as _;
use notify::{RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use super::program::Program;
use crate::file_watcher::{QUIET, watcher};

/// How files of programs end.
const SOURCES: [&str; 23] = [
    "py", "js", "mjs", "cjs", "ts", "mts", "cts", "rb", "java", "class", "jar", "dll", "cs", "go",
    "php", "pl", "sh", "lua", "luau", "toml", "yaml", "yml", "so",
];

/// Starts programs anew when the files beside them change, for as long as the server runs.
///
/// # Errors
/// When files cannot be watched.
pub(super) async fn watch(programs: Vec<Rc<Program>>) -> anyhow::Result<()> {
    let (changed, mut changes) = mpsc::unbounded_channel::<Vec<PathBuf>>();
    // The server may have ended.
    let mut watcher = watcher(move |paths| drop(changed.send(paths)))?;
    let watched: Vec<(PathBuf, Rc<Program>)> = programs
        .into_iter()
        .flat_map(|program| {
            folders(program.command()).into_iter().map(move |folder| (folder, Rc::clone(&program)))
        })
        .collect();
    for (folder, _) in &watched {
        let failed = || format!("cannot watch {}", folder.display());
        watcher.watch(folder, RecursiveMode::Recursive).with_context(failed)?;
    }
    while let Some(mut paths) = changes.recv().await {
        while let Ok(Some(more)) = tokio::time::timeout(QUIET, changes.recv()).await {
            paths.extend(more);
        }
        for (folder, program) in &watched {
            let is_it = |path: &PathBuf| {
                let inside = path.strip_prefix(folder);
                inside.is_ok_and(|inside| is_source(inside, program.command()))
            };
            if paths.iter().any(is_it) {
                program.restart("files changed");
            }
        }
    }
    Ok(())
}

/// The folders of the files that a command line names, this one where it names none. The program
/// itself counts where it lies beside the files, and packages never do.
fn folders(command: &str) -> Vec<PathBuf> {
    let words = command.split_whitespace().map(Path::new).enumerate();
    let is_own = |(number, path): &(usize, &Path)| {
        let is_package = path.iter().any(|part| part == "node_modules");
        path.is_file() && !is_package && (*number > 0 || path.is_relative())
    };
    let folder =
        |(_, file): (usize, &Path)| std::fs::canonicalize(file).ok()?.parent().map(Path::to_owned);
    let mut folders: Vec<PathBuf> = words.filter(is_own).filter_map(folder).collect();
    folders.sort();
    folders.dedup();
    if folders.is_empty() { vec![std::env::current_dir().unwrap_or_default()] } else { folders }
}

/// Whether a change of a file can change the program: what programs write beside themselves, such as
/// logs, does not. `path` is the file's in the folder that is watched.
fn is_source(path: &Path, command: &str) -> bool {
    let is_named = |word: &str| Path::new(word).file_name() == path.file_name();
    let is_own = |name: &str| name.starts_with('.') || name == "__pycache__";
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_code = SOURCES.contains(&ending) || command.split_whitespace().any(is_named);
    is_code && path.iter().all(|part| !part.to_str().is_some_and(is_own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_counts_and_what_programs_write_does_not() {
        for (path, is_it) in [
            ("handler.py", true),
            ("lib/menu.mjs", true),
            ("bootstrap", true),
            ("out.txt", false),
            ("run.log", false),
            ("__pycache__/handler.py", false),
            (".git/config.json", false),
        ] {
            assert_eq!(is_source(Path::new(path), "./bootstrap --x"), is_it, "{path}");
        }
    }
}
