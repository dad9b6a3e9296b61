//! Keeps a call that was played as a test in the spec of its script.

use std::path::PathBuf;

use anyhow::Context as _;
use moonring_sim::PlayedCall;
use moonring_spec::{CallStart, saved_test};

use crate::printer::Printer;
use crate::project::Project;

/// Writes a call as a test of this name, and says so: see [`add`].
///
/// # Errors
/// When the spec cannot be written, or has such a test.
pub(crate) fn keep(
    name: &str,
    call: &PlayedCall,
    start: &CallStart,
    script: Option<String>,
    project: &Project,
    printer: Printer,
) -> anyhow::Result<()> {
    let path = add(name, call, start, script.as_deref(), project)?;
    printer.talk(&format!(
        "the call is saved as the test `{name}` in {}; run it with `moonring test {}`",
        path.display(),
        path.display()
    ));
    Ok(())
}

/// Writes a call as a test of this name; `start` says what nobody sees in the call itself, and `script`
/// is the one that answered. The spec that has it.
///
/// # Errors
/// When the spec cannot be written, or has such a test.
pub(crate) fn add(
    name: &str,
    call: &PlayedCall,
    start: &CallStart,
    script: Option<&str>,
    project: &Project,
) -> anyhow::Result<PathBuf> {
    let path = spec_of(project, script)?;
    let there = ["lua", "luau"].iter().any(|ending| {
        let script = path.display().to_string().replace(".spec.lua", &format!(".{ending}"));
        std::path::Path::new(&script).is_file()
    });
    anyhow::ensure!(
        there,
        "the script of {} is not there any more; make the call again",
        path.display()
    );
    let test = saved_test(name, call, start);
    let first = test.lines().next().unwrap_or_default();
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    anyhow::ensure!(
        !before.lines().any(|line| line == first),
        "{} has a test `{name}` already; give this one another name",
        path.display()
    );
    let gap = if before.is_empty() { "" } else { "\n" };
    std::fs::write(&path, format!("{before}{gap}{test}"))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Whether a test can be kept at all: asked before the call is played.
///
/// # Errors
/// When the scripts lie elsewhere.
pub(crate) fn check(name: &str, project: &Project) -> anyhow::Result<()> {
    anyhow::ensure!(!name.trim().is_empty(), "--save-test needs the name of the test");
    spec_of(project, None).map(drop)
}

/// The spec of the script that answered.
pub(crate) fn spec_of(project: &Project, script: Option<&str>) -> anyhow::Result<PathBuf> {
    let folder = project
        .folder()
        .context("--save-test writes beside the scripts, and they are not in a folder")?;
    let script = script.or(project.script.as_deref()).unwrap_or("main");
    let name = script.strip_suffix(".lua").or_else(|| script.strip_suffix(".luau"));
    Ok(folder.join(format!("{}.spec.lua", name.unwrap_or(script))))
}
