//! The project: where its scripts are and what is set for it, from flags, the environment, `.env`
//! and `moonring.toml`, in this order.

mod file;
mod scripts;
mod values;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use moonring_runtime::Settings;
use moonring_store::Location;

use crate::printer::Printer;
use file::{FILE, ProjectFile};

pub(crate) use file::Table;
pub(crate) use values::Values;

/// Where a command finds its scripts and settings.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ProjectArguments {
    /// Where the scripts are: a folder, the file of a script, or s3://bucket/prefix [default:
    /// $MOONRING_SCRIPTS, else as moonring.toml says, else ./scripts]
    #[arg(long, value_name = "DIR|s3://…")]
    pub(crate) scripts: Option<String>,

    /// The profile of moonring.toml that counts before what stands outside profiles
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

/// The scripts that a command is about, and everything that is set for them.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) location: Location,
    /// The script that answers, without its ending, where one was named.
    pub(crate) script: Option<String>,
    pub(crate) settings: Settings,
    /// What `moonring.toml` says of calls; paths are ready to be opened.
    pub(crate) table: Table,
}

impl Project {
    /// The project of this command line. `said` is a path to a script or a folder, or the name of
    /// a script of the folder.
    ///
    /// # Errors
    /// When `moonring.toml` or a setting cannot be used, or no scripts are there.
    pub(crate) fn open(
        arguments: &ProjectArguments,
        said: Option<&str>,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        OpenedSettings::open(arguments, said, printer)?.with_scripts(arguments, said)
    }

    /// The folder of the scripts, where they are in one.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        match &self.location {
            Location::Folder(folder) => Some(folder.clone()),
            Location::S3 { .. } => None,
        }
    }

    /// The settings as calls have them that are played here.
    pub(crate) fn local_settings(&self) -> Settings {
        local(&self.settings)
    }
}

/// Where a value comes from that nobody has set.
pub(crate) const DEFAULT: &str = "default";

/// Everything that is set, before anybody has looked for scripts.
pub(crate) struct OpenedSettings {
    pub(crate) values: Values,
    pub(crate) settings: Settings,
    pub(crate) table: Table,
    file: Option<ProjectFile>,
}

impl OpenedSettings {
    /// Reads `moonring.toml`, `.env` and the environment.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub(crate) fn open(
        arguments: &ProjectArguments,
        said: Option<&str>,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        let from = start(arguments, said);
        let file = ProjectFile::find(&from)?;
        if file.is_none() && arguments.profile.is_some() {
            anyhow::bail!("--profile needs a {FILE}, and there is none in this folder or above it");
        }
        let table = match &file {
            Some(file) => file.table(arguments.profile.as_deref())?,
            None => Table::default(),
        };
        let folder = file.as_ref().map_or(Path::new(""), ProjectFile::folder);
        let values = Values::read(file.as_ref(), arguments.profile.as_deref(), folder, printer)?;
        let settings = Settings::read(|name| values.get(name).map(|value| value.text.clone()))
            .map_err(|bad| match values.get(bad.name) {
                Some(value) => anyhow::anyhow!("{bad}; it is set in {}", value.origin),
                None => anyhow::Error::from(bad),
            })?;
        Ok(Self { values, settings, table, file })
    }

    /// The project, with the scripts that the command line names.
    ///
    /// # Errors
    /// When no scripts are there.
    pub(crate) fn with_scripts(
        self,
        arguments: &ProjectArguments,
        said: Option<&str>,
    ) -> anyhow::Result<Project> {
        let folder = arguments.scripts.as_deref();
        let (location, script) = scripts::find(folder, said, || self.scripts())?;
        let Self { settings, table, .. } = self;
        Ok(Project { location, script, settings, table })
    }

    /// Whether there are scripts where nobody has said that there are any.
    pub(crate) fn has_scripts(&self) -> bool {
        match self.scripts() {
            Location::Folder(folder) => folder.is_dir(),
            Location::S3 { .. } => true,
        }
    }

    /// Where a key of `moonring.toml` is set.
    pub(crate) fn origin(&self, key: &str) -> String {
        let is_set = key != "scripts" || self.table.scripts.is_some();
        let file = self.file.as_ref().filter(|_| is_set);
        file.map_or_else(|| DEFAULT.to_owned(), |file| file.place(key))
    }

    /// Where the scripts are if the command line does not say.
    pub(crate) fn scripts(&self) -> Location {
        let beside = || {
            let folder = self.file.as_ref().map_or(Path::new(""), ProjectFile::folder);
            let scripts = folder.join("scripts");
            // A file among the scripts themselves.
            let is_among = self.file.is_some() && !scripts.is_dir();
            let folder = if is_among { folder.to_owned() } else { scripts };
            Location::Folder(if folder == Path::new("") { ".".into() } else { folder })
        };
        let said = self.settings.scripts.clone().or_else(|| self.table.scripts.clone());
        said.unwrap_or_else(beside)
    }
}

/// Settings as calls have them that are played here: nothing is masked on the author's own
/// terminal, and each call looks at the folder anew.
fn local(settings: &Settings) -> Settings {
    let settings = settings.clone().with_local_key();
    Settings { log_digits: true, log_numbers: true, refresh: Duration::ZERO, ..settings }
}

/// The folder to look for a `moonring.toml` from: that of the scripts where the command line names
/// a path, else this one.
fn start(arguments: &ProjectArguments, said: Option<&str>) -> PathBuf {
    let named = [arguments.scripts.as_deref(), said].into_iter().flatten().map(Path::new);
    let mut folders = named.filter_map(|path| match path {
        path if path.is_dir() => Some(path.to_owned()),
        path if path.is_file() => path.parent().map(Path::to_owned),
        _ => None,
    });
    let folder = folders.next().filter(|folder| folder != Path::new(""));
    folder.unwrap_or_else(|| PathBuf::from("."))
}
