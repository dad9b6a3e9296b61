//! Finds the specs that a command line names.

use std::path::{Path, PathBuf};

use moonring_spec::Line;
use moonring_store::Location;
use moonring_wire::hint;

use super::Test;
use super::files::{Specs, all_scripts, all_specs};
use crate::printer::Printer;
use crate::project::{OpenedSettings, ProjectArguments};

impl Test {
    /// The specs, and the project that they belong to.
    ///
    /// # Errors
    /// When there are none, or the project cannot be used.
    pub(super) fn open(&self, printer: Printer) -> anyhow::Result<Specs> {
        let first = self.paths.first().map(|path| with_line(path).0);
        let opened = OpenedSettings::open(&self.project, first, printer)?;
        let folder = folder(&self.project, &opened, first)?;
        let mut arguments = match Path::new("scripts") == folder {
            true => Vec::new(),
            false => vec!["--scripts".to_owned(), folder.display().to_string()],
        };
        if let Some(profile) = &self.project.profile {
            arguments.extend(["--profile".to_owned(), profile.clone()]);
        }
        let found = all_specs(&folder)?;
        anyhow::ensure!(
            !found.is_empty(),
            "there are no specs in {}; write one beside a script, such as {}, or make a project that has one with `moonring new`",
            folder.display(),
            folder.join("main.spec.lua").display()
        );
        warn_of_others(&folder, printer)?;
        let mut chosen: Vec<String> = Vec::new();
        let mut lines = Vec::new();
        for path in &self.paths {
            let (path, line) = with_line(path);
            let those = meant(path, &folder, &found)?;
            let line =
                line.map(|line| those.iter().map(move |file| Line { file: file.clone(), line }));
            lines.extend(line.into_iter().flatten());
            chosen.extend(
                those.into_iter().filter(|name| !chosen.contains(name)).collect::<Vec<_>>(),
            );
        }
        let chosen = if self.paths.is_empty() { found.clone() } else { chosen };
        let project = opened.with_scripts(
            &ProjectArguments {
                scripts: Some(folder.display().to_string()),
                profile: self.project.profile.clone(),
            },
            None,
        )?;
        Ok(Specs { folder, all: found, chosen, lines, project, arguments })
    }
}

/// Whether a folder is that of an alias.
fn is_alias(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with('@'))
}

/// The folder of the alias that a path lies in, if it does.
fn alias_folder(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| is_alias(folder)).map(Path::to_owned)
}

/// A path, and the line behind it, if one is.
fn with_line(path: &str) -> (&str, Option<u32>) {
    let parts = path.rsplit_once(':').filter(|_| !Path::new(path).exists());
    match parts.and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        Some((path, line)) => (path, Some(line)),
        None => (path, None),
    }
}

/// Warns of files that other test runners would take for specs.
fn warn_of_others(folder: &Path, printer: Printer) -> anyhow::Result<()> {
    for name in all_scripts(folder)? {
        let stem = name.trim_end_matches(".luau").trim_end_matches(".lua");
        let own =
            ["_spec", "-spec", ".test", "_test"].iter().find_map(|end| stem.strip_suffix(end));
        if let Some(own) = own {
            printer.warning(&format!(
                "{} is taken for a script; if it is a spec, call it {}.spec.lua",
                folder.join(&name).display(),
                folder.join(own).display()
            ));
        }
    }
    Ok(())
}

/// The folder of the scripts: the one that is said, else the one of the project where the specs lie
/// in it, else that of the first spec.
fn folder(
    arguments: &ProjectArguments,
    opened: &OpenedSettings,
    first: Option<&str>,
) -> anyhow::Result<PathBuf> {
    let said = match &arguments.scripts {
        Some(said) => said.parse::<Location>().unwrap_or_else(|_| Location::Folder(said.into())),
        None => opened.scripts(),
    };
    let said = match said {
        // The file of a script means its folder.
        Location::Folder(path) if path.is_file() => {
            Location::Folder(path.parent().map(Path::to_owned).unwrap_or_default())
        }
        other => other,
    };
    let Location::Folder(base) = said else {
        anyhow::bail!("specs lie beside scripts in a folder; name one with --scripts DIR");
    };
    let own = first.map(Path::new).and_then(|path| match path {
        path if path.is_dir() => Some(path.to_owned()),
        path if path.is_file() => path.parent().map(Path::to_owned),
        _ => None,
    });
    // The scripts of an alias are a release of their own.
    let own = own.map(|path| alias_folder(&path).unwrap_or(path));
    let whole = |path: &Path| {
        let path = if path == Path::new("") { Path::new(".") } else { path };
        std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    };
    let folder = match own {
        Some(own)
            if arguments.scripts.is_none()
                && (!whole(&own).starts_with(whole(&base)) || is_alias(&own)) =>
        {
            own
        }
        _ => base,
    };
    anyhow::ensure!(
        folder.is_dir(),
        "{} is not a folder; say where the scripts are with --scripts DIR",
        folder.display()
    );
    Ok(if folder == Path::new("") { ".".into() } else { folder })
}

/// The specs that a word names: a file, all of a folder, or the one of a script.
fn meant(said: &str, folder: &Path, found: &[String]) -> anyhow::Result<Vec<String>> {
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    if let (Some(path), Some(folder)) = (whole(Path::new(said)), whole(folder))
        && let Ok(inside) = path.strip_prefix(&folder)
    {
        let inside = inside.to_string_lossy().replace('\\', "/");
        let is_meant = |name: &&String| match path.is_dir() {
            true => inside.is_empty() || name.starts_with(&format!("{inside}/")),
            false => **name == inside || script_of(name) == inside,
        };
        let those: Vec<_> = found.iter().filter(is_meant).cloned().collect();
        if !those.is_empty() {
            return Ok(those);
        }
    }
    let name = script_of(said);
    let name = name.trim_end_matches(".luau").trim_end_matches(".lua");
    let those: Vec<_> = found
        .iter()
        .filter(|spec| script_of(spec).trim_end_matches(".lua") == name)
        .cloned()
        .collect();
    let script = ["lua", "luau"]
        .map(|ending| folder.join(format!("{}.{ending}", without_folder(name, folder))));
    if let Some(script) = script.iter().find(|script| those.is_empty() && script.is_file()) {
        anyhow::bail!(
            "{} has no spec; write {} beside it",
            script.display(),
            script.with_extension("spec.lua").display()
        );
    }
    if those.is_empty() {
        let names: Vec<String> =
            found.iter().map(|spec| script_of(spec).trim_end_matches(".lua").to_owned()).collect();
        anyhow::bail!(
            "there is no spec `{said}`; wanted a file that ends in .spec.lua, the name of a script that has one, or a folder{}",
            hint(name, names.iter().map(String::as_str))
        );
    }
    Ok(those)
}

/// A path from the folder on.
fn without_folder(name: &str, folder: &Path) -> String {
    let inside = Path::new(name).strip_prefix(folder).unwrap_or(Path::new(name));
    inside.display().to_string()
}

/// The script that a spec is about.
fn script_of(spec: &str) -> String {
    spec.replace(".spec.", ".")
}
