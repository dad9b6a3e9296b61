//! Settings with where each comes from: the environment, `.env`, `moonring.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use moonring_runtime::Settings;

use super::file::ProjectFile;
use crate::printer::Printer;

/// The name of the file of environment variables.
const DOT_ENV: &str = ".env";

/// A value, and where it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sourced {
    pub(crate) text: String,
    /// `environment`, or a file and a line.
    pub(crate) origin: String,
}

/// Environment variables and what stands in for them, by their names.
#[derive(Debug, Default)]
pub(crate) struct Values {
    by_name: BTreeMap<String, Sourced>,
}

impl Values {
    /// Reads all of them; what comes later wins.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn read(
        file: Option<&ProjectFile>,
        profile: Option<&str>,
        folder: &Path,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        // As it was before `.env` added to it.
        let environment: Vec<_> = std::env::vars_os().collect();
        let mut this = Self::default();
        for setting in file.map_or(Ok(Vec::new()), |file| file.settings(profile))? {
            this.set(&setting.name, setting.text, setting.origin);
        }
        this.read_dot_env(&folder.join(DOT_ENV), printer)?;
        for (name, value) in environment {
            if let Some(name) = name.to_str().filter(|name| name.starts_with("MOONRING_")) {
                let text = value.to_string_lossy().into_owned();
                this.set(name, text, "the environment".to_owned());
            }
        }
        Ok(this)
    }

    /// The value of a setting.
    pub(crate) fn get(&self, name: &str) -> Option<&Sourced> {
        self.by_name.get(name)
    }

    fn set(&mut self, name: &str, text: String, origin: String) {
        self.by_name.insert(name.to_owned(), Sourced { text, origin });
    }

    /// Reads `.env`, and sets in this process what is not set there: other programs' variables too,
    /// such as `AWS_PROFILE`.
    fn read_dot_env(&mut self, path: &Path, printer: Printer) -> anyhow::Result<()> {
        if !path.is_file() {
            return Ok(());
        }
        let wrong = || format!("cannot read {}", path.display());
        let text = std::fs::read_to_string(path).with_context(wrong)?;
        let entries = dotenvy::from_path_iter(path).with_context(wrong)?;
        let mut unknown = Vec::new();
        for entry in entries {
            let (name, value) = entry.map_err(|error| match error {
                dotenvy::Error::LineParse(line, _) => anyhow::anyhow!(
                    "{}: cannot read `{}`; wanted NAME=value, with single quotes around a value that has spaces or quotes",
                    path.display(),
                    line.trim()
                ),
                other => anyhow::Error::from(other).context(wrong()),
            })?;
            let is_it = |line: &str| {
                let line = line.trim_start();
                let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
                line.strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.trim_start().starts_with('='))
            };
            let line = text.lines().position(is_it).map_or(1, |line| line + 1);
            if name.starts_with("MOONRING_") {
                unknown.push(name.clone());
                self.set(&name, value, format!("{}:{line}", path.display()));
            }
        }
        for name in Settings::unknown(unknown) {
            printer.unknown_setting(&name, &path.display().to_string());
        }
        // What is set already stays.
        dotenvy::from_path(path).with_context(wrong)
    }
}
