//! Where a command finds its scripts.

use std::sync::Arc;

use anyhow::Context as _;
use moonring_aws::SharedConfig;
use moonring_runtime::Settings;
use moonring_store::{Folder, Location, Source};

/// What the command line says, else the setting, else `./scripts`. `hint` is the command that says
/// it right.
pub(crate) fn find(
    said: Option<&str>,
    settings: &Settings,
    hint: &str,
) -> anyhow::Result<Location> {
    let location = match (said, &settings.scripts) {
        (Some(text), _) => text.parse().context("the location of the scripts cannot be used")?,
        (None, Some(location)) => location.clone(),
        (None, None) => Location::Folder("scripts".into()),
    };
    if let Location::Folder(path) = &location
        && !path.is_dir()
    {
        anyhow::bail!("{} is not a folder; say where the scripts are with {hint}", path.display());
    }
    Ok(location)
}

/// The same, for a command that has no async of its own.
pub(crate) fn open_blocking(location: &Location) -> anyhow::Result<Arc<dyn Source>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.context("cannot start the async runtime")?.block_on(open(location)))
}

/// The source behind a location. A folder is taken as it stands: what was saved a moment ago is
/// what the author means.
pub(crate) async fn open(location: &Location) -> Arc<dyn Source> {
    match location {
        Location::Folder(path) => Arc::new(Folder::as_it_stands(path)),
        Location::S3 { .. } => moonring_aws::open(&SharedConfig::default(), location).await,
    }
}
