//! The place of releases: where it is, who signs, and how its releases are named.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use moonring_aws::SharedConfig;
use moonring_publish::{Error, KeySigner, KmsSigner, Publisher, Sign, SourceFile};
use moonring_store::{Location, Manifest, Objects, belongs, blob_name};
use moonring_wire::hint;

use super::kms_key::Kms;
use crate::commands::location;
use crate::printer::Printer;
use crate::project::{OpenedSettings, ProjectArguments};

/// The most bytes of a file that is read back.
const FILE: u64 = 1024 * 1024;

/// Where releases are.
#[derive(Args)]
pub(super) struct PlaceArguments {
    /// Where the releases are: s3://bucket/prefix, or a folder [default: `releases` in
    /// moonring.toml, else $MOONRING_SCRIPTS]
    #[arg(long, visible_alias = "in", value_name = "s3://…|DIR")]
    to: Option<Location>,

    /// The profile of moonring.toml that counts before what stands outside profiles
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

/// What all commands take that change something.
#[derive(Args)]
pub(super) struct ChangeArguments {
    #[command(flatten)]
    place: PlaceArguments,

    #[command(flatten)]
    key: KeyArguments,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

impl ChangeArguments {
    /// Opens the place.
    ///
    /// # Errors
    /// When nobody says where it is, or the key cannot be used.
    pub(super) fn open(&self, printer: Printer) -> anyhow::Result<Place> {
        wait_for(self.place.open_with(&self.key, printer))
    }
}

/// Who signs.
#[derive(Args, Default)]
struct KeyArguments {
    /// Sign with this key: a file of `moonring keys new`, or kms:KEY [default: $MOONRING_KEY].
    /// $MOONRING_KEY_PASSWORD opens a file that minisign has encrypted
    #[arg(long, value_name = "FILE|kms:KEY")]
    key: Option<String>,
}

/// An open place.
pub(super) struct Place {
    pub(super) publisher: Publisher,
    pub(super) opened: OpenedSettings,
    objects: Arc<dyn Objects>,
}

impl PlaceArguments {
    /// Opens the place for who only reads.
    ///
    /// # Errors
    /// When nobody says where it is.
    pub(super) fn open(&self, printer: Printer) -> anyhow::Result<Place> {
        wait_for(self.open_with(&KeyArguments::default(), printer))
    }

    async fn open_with(&self, key: &KeyArguments, printer: Printer) -> anyhow::Result<Place> {
        let arguments = ProjectArguments { scripts: None, profile: self.profile.clone() };
        let opened = OpenedSettings::open(&arguments, None, printer)?;
        let said = self.to.clone().or_else(|| opened.table.releases.clone());
        let said = said.or_else(|| opened.settings.scripts.clone());
        let location = said.context(
            "nobody says where the releases are; give --to s3://bucket/prefix, or set `releases` in moonring.toml",
        )?;
        let source = location::open(&location).await;
        let objects = source.objects().context("releases cannot be kept there")?;
        let signer = key.signer().await?;
        let by = std::env::var("USER").or_else(|_| std::env::var("USERNAME")).ok();
        let publisher = Publisher::new(Arc::clone(&objects), signer, by, now());
        Ok(Place { publisher, opened, objects })
    }
}

impl KeyArguments {
    async fn signer(&self) -> anyhow::Result<Option<Box<dyn Sign>>> {
        let said = self.key.clone().or_else(|| std::env::var("MOONRING_KEY").ok());
        let Some(said) = said.filter(|said| !said.is_empty()) else { return Ok(None) };
        if let Some(key) = said.strip_prefix("kms:") {
            let kms = Kms::new(key, SharedConfig::default());
            return Ok(Some(Box::new(KmsSigner::new(kms).await?)));
        }
        let text = std::fs::read_to_string(&said).with_context(|| {
            format!("cannot read the key {said}; make one with `moonring keys new`")
        })?;
        let password = std::env::var("MOONRING_KEY_PASSWORD").ok();
        Ok(Some(Box::new(KeySigner::read(&text, password).with_context(|| said.clone())?)))
    }
}

impl Place {
    /// The id of a release, as people name it: its id, the beginning of it, or an alias.
    ///
    /// # Errors
    /// When there is no such release, or several.
    pub(super) async fn id_of(&self, named: &str) -> anyhow::Result<String> {
        if Manifest::is_id(named) {
            return Ok(named.to_owned());
        }
        if moonring_store::is_alias(named)
            && let Some(known) = self.publisher.alias(named).await?
        {
            return Ok(known.alias.serves);
        }
        let releases = self.publisher.releases().await?;
        let found: Vec<&String> = releases.keys().filter(|id| id.starts_with(named)).collect();
        match found.as_slice() {
            [one] => Ok((*one).clone()),
            [] => {
                let location = self.publisher.location();
                let aliases = self.publisher.published().aliases().await?;
                let hint = hint(named, aliases.keys().map(String::as_str));
                Err(Error::NoRelease { id: named.to_owned(), location, hint }.into())
            }
            several => {
                anyhow::bail!("{} releases begin with {named}; give more of the id", several.len())
            }
        }
    }

    /// The files of a release.
    ///
    /// # Errors
    /// When they cannot be read, or one does not have its hash.
    pub(super) async fn files_of(&self, id: &str) -> anyhow::Result<Vec<SourceFile>> {
        let caps = moonring_store::Caps { file_bytes: FILE, release_bytes: FILE * 16, files: 5000 };
        let snapshot = self.publisher.published().release(id, &[], caps).await?;
        let files = snapshot.files.into_iter();
        Ok(files.map(|file| SourceFile { name: file.entry.name, bytes: file.text }).collect())
    }

    /// Whether the place has all files of a release.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub(super) async fn lacks(&self, manifest: &Manifest) -> anyhow::Result<Option<String>> {
        let listed = self.objects.list(&blob_name("")).await;
        let listed =
            listed.map_err(|error| anyhow::anyhow!("{}: {error}", self.objects.location()))?;
        let has = |hash: &str| listed.iter().any(|object| object.name == blob_name(hash));
        let lost = manifest.files.iter().find(|(_, file)| !has(&file.sha256));
        Ok(lost.map(|(name, _)| name.clone()))
    }
}

/// The files of a folder that belong to a release.
///
/// # Errors
/// When they cannot be read.
pub(crate) fn files_in(folder: &Path) -> anyhow::Result<Vec<SourceFile>> {
    anyhow::ensure!(folder.is_dir(), "{} is not a folder of scripts", folder.display());
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let failed = || format!("cannot read {}", next.display());
        for entry in std::fs::read_dir(&next).with_context(failed)? {
            let path = entry.with_context(failed)?.path();
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy();
            let name = name.replace(std::path::MAIN_SEPARATOR, "/");
            let is_hidden =
                name.rsplit('/').next().is_some_and(|last| last.starts_with(['.', '@']));
            if path.is_dir() && !is_hidden {
                folders.push(path);
            } else if path.is_file() && belongs(&name) {
                let bytes = std::fs::read(&path);
                let bytes = bytes.with_context(|| format!("cannot read {}", path.display()))?;
                files.push(SourceFile { name, bytes });
            }
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// Now, as RFC 3339.
pub(super) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Runs a command that waits for the place.
///
/// # Errors
/// What it says, or that there is no runtime.
pub(crate) fn wait_for<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("cannot start the async runtime")?.block_on(work)
}
