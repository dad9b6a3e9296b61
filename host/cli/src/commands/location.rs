//! The source of scripts behind a location.

use std::sync::Arc;

use anyhow::Context as _;
use moonring_aws::SharedConfig;
use moonring_store::{Folder, Location, Source};

/// What is said where the scripts cannot be loaded; why not has been logged.
pub(crate) fn not_loaded(location: &Location) -> anyhow::Error {
    anyhow::anyhow!(
        "the scripts in {location} cannot be loaded; run `moonring check {location}` for details"
    )
}

/// The source behind a location, for a command that has no async of its own.
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
