//! `moonring new`: a project that works at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use crate::commands::test::quoted;
use crate::printer::Printer;

/// Make a new project.
#[derive(Args)]
#[command(
    about = "Make a new project",
    long_about = "Makes a folder with a script that answers calls in two languages, two modules, a spec, routes, a config, a moonring.toml, and a workflow for GitHub Actions. The tests pass at once.",
    after_help = "\
Examples:
  moonring new acme-ivr                a new folder acme-ivr
  cd acme-ivr && moonring test         its tests
  cd acme-ivr && moonring call         call it

Exit codes:
  0  the project is there
  2  the folder cannot be made, or has something in it"
)]
pub(crate) struct New {
    /// The folder of the project, which is new or empty
    #[arg(value_name = "NAME")]
    name: PathBuf,
}

/// A file of a new project.
struct File {
    path: &'static str,
    text: &'static str,
}

/// All of them.
const FILES: [File; 9] = [
    File { path: "scripts/main.lua", text: include_str!("../../new/scripts/main.lua") },
    File { path: "scripts/main.spec.lua", text: include_str!("../../new/scripts/main.spec.lua") },
    File { path: "scripts/hours.lua", text: include_str!("../../new/scripts/hours.lua") },
    File { path: "scripts/texts.lua", text: include_str!("../../new/scripts/texts.lua") },
    File { path: "scripts/routes.lua", text: include_str!("../../new/scripts/routes.lua") },
    File { path: "scripts/config.json", text: include_str!("../../new/scripts/config.json") },
    File { path: "moonring.toml", text: include_str!("../../new/moonring.toml") },
    // Kept without its dot, so that it counts only where it is meant to.
    File { path: ".gitignore", text: include_str!("../../new/gitignore") },
    File {
        path: ".github/workflows/test.yml",
        text: include_str!("../../new/.github/workflows/test.yml"),
    },
];

impl New {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let folder = &self.name;
        if let Some(there) = first_entry(folder)? {
            anyhow::bail!(
                "{} has something in it already: {there}; name a folder that is new or empty",
                folder.display()
            );
        }
        for File { path, text } in &FILES {
            write(&folder.join(path), text)?;
            printer.data(&folder.join(path).display().to_string())?;
        }
        let place = match folder == Path::new(".") {
            true => String::new(),
            false => format!("`cd {}`, then ", quoted(&folder.display().to_string())),
        };
        printer.talk(&format!(
            "next: {place}`moonring test` runs the tests and `moonring call` calls"
        ));
        Ok(ExitCode::SUCCESS)
    }
}

/// The name of something in a folder, if there is such a folder and it has anything in it.
fn first_entry(folder: &Path) -> anyhow::Result<Option<String>> {
    if !folder.exists() {
        return Ok(None);
    }
    anyhow::ensure!(folder.is_dir(), "{} is a file; name a folder", folder.display());
    let entries = std::fs::read_dir(folder);
    let entries = entries.with_context(|| format!("cannot read {}", folder.display()))?;
    // A repository that was made just before.
    let is_own = |name: &String| name != ".git";
    let names = entries.filter_map(Result::ok);
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    Ok(names.filter(is_own).min())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
