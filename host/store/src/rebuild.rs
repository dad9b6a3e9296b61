//! Rebuilding a release of the past: what a source held at a moment, if it keeps earlier versions
//! of its files.

use std::time::SystemTime;

use crate::take_snapshot::{Caps, fetch_all, weigh};
use crate::{Error, Snapshot, Source};

/// The release with this id (as text) as it was listed at `at`, by the source's clock.
///
/// # Errors
/// The first thing that stood in the way. [`Error::Differs`] where what the source held then is
/// another release.
pub async fn rebuild(
    source: &dyn Source,
    id: &str,
    at: SystemTime,
    caps: Caps,
) -> Result<Snapshot, Error> {
    let location = || source.location();
    let listing = source.list_at(at).await;
    let mut listing = listing.map_err(|cause| Error::List { location: location(), cause })?;
    listing.entries.sort_by(|one, other| one.name.cmp(&other.name));
    weigh(source, &listing, caps)?;
    let differs =
        |found: String| Error::Differs { location: location(), wanted: id.to_owned(), found };
    // An earlier version does not change; it may be deleted for good.
    let files = fetch_all(source, &listing, None)
        .await?
        .ok_or_else(|| differs("a file that was deleted".to_owned()))?;
    let snapshot = Snapshot { listed_at: Some(at), ..Snapshot::new(files) };
    if snapshot.id.as_str() == id { Ok(snapshot) } else { Err(differs(snapshot.id.to_string())) }
}
