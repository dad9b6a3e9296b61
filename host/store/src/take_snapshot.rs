//! Taking a snapshot: a settled listing, its files in just the versions listed, and a second
//! listing that is the same.

use std::time::Duration;

use futures_util::{StreamExt, stream};

use crate::{BoxFuture, Error, FetchError, File, Listing, Snapshot, Source};

/// How old the newest file of a listing must be before the listing counts. S3 gives times in whole
/// seconds, so a younger file may be overwritten without a trace in the listing.
const SETTLED: Duration = Duration::from_secs(1);
/// How long to wait before an unsettled source is looked at again.
const PAUSE: Duration = Duration::from_millis(500);
/// How often a source is listed before the look is given up.
const ROUNDS: usize = 6;

/// How many files are read at the same time.
const AT_ONCE: usize = 8;

/// What a release may weigh; held against the listing, before a byte is read.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// All files, in bytes.
    pub release_bytes: u64,
    /// How many files.
    pub files: usize,
}

/// Takes a snapshot of a source, or `None` where the source still holds just the versions of
/// `known`. Files whose version is in `known` are not fetched again.
///
/// # Errors
/// The first thing that stood in the way; whatever served before goes on serving.
///
/// # Examples
/// ```
/// use moonring_store::{Caps, Folder, take};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("main.lua"), "return function() end")?;
/// let source = Folder::as_it_stands(folder.path());
/// let caps = Caps { files: 500, file_bytes: 256 * 1024, release_bytes: 4 * 1024 * 1024 };
/// let snapshot = take(&source, None, caps).await?.ok_or("nothing is new")?;
/// // The same files again are nothing new.
/// assert!(take(&source, Some(&snapshot), caps).await?.is_none());
/// # Ok(())
/// # }
/// ```
pub async fn take(
    source: &dyn Source,
    known: Option<&Snapshot>,
    caps: Caps,
) -> Result<Option<Snapshot>, Error> {
    take_listed(source, None, known, caps).await
}

/// The same where the source has been listed already.
///
/// # Errors
/// The same.
pub async fn take_listed(
    source: &dyn Source,
    listing: Option<Listing>,
    known: Option<&Snapshot>,
    caps: Caps,
) -> Result<Option<Snapshot>, Error> {
    let mut first = listing;
    let mut newest = (String::from("-"), String::from("-"));
    for round in 0..ROUNDS {
        if round > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let listing = match first.take() {
            Some(listing) => in_order(listing),
            None => list(source).await?,
        };
        if known.is_some_and(|known| known.is_listed_by(&listing)) {
            return Ok(None);
        }
        weigh(source, &listing, caps)?;
        if let Some(entry) = listing.entries.iter().max_by_key(|entry| entry.modified) {
            newest = (entry.name.clone(), entry.version.clone());
        }
        if !is_settled(&listing) {
            continue;
        }
        let Some(files) = fetch_all(source, &listing, known).await? else { continue };
        // The files were read one by one: only if nothing changed meanwhile did they ever stand
        // together.
        if list(source).await?.entries == listing.entries {
            return Ok(Some(Snapshot { listed_at: listing.at, ..Snapshot::new(files) }));
        }
    }
    let (file, version) = newest;
    Err(Error::Unsettled { location: source.location(), file, version })
}

async fn list(source: &dyn Source) -> Result<Listing, Error> {
    let listing = source.list().await;
    let listing = listing.map_err(|cause| Error::List { location: source.location(), cause })?;
    Ok(in_order(listing))
}

fn in_order(mut listing: Listing) -> Listing {
    listing.entries.sort_by(|one, other| one.name.cmp(&other.name));
    listing
}

pub(crate) fn weigh(source: &dyn Source, listing: &Listing, caps: Caps) -> Result<(), Error> {
    let location = || source.location();
    let too_large = |file: &str, version: &str, bytes, most| {
        let (file, version) = (file.to_owned(), version.to_owned());
        Err(Error::TooLarge { location: location(), file, version, bytes, most })
    };
    if listing.entries.iter().all(|entry| entry.name == "config.json") {
        return Err(Error::Empty { location: location() });
    }
    if listing.entries.len() > caps.files {
        return Err(Error::TooMany {
            location: location(),
            files: listing.entries.len(),
            most: caps.files,
        });
    }
    if let Some(entry) = listing.entries.iter().find(|entry| entry.bytes > caps.file_bytes) {
        return too_large(&entry.name, &entry.version, entry.bytes, caps.file_bytes);
    }
    let total = listing.entries.iter().map(|entry| entry.bytes).sum();
    if total > caps.release_bytes {
        too_large("all files", "-", total, caps.release_bytes)
    } else {
        Ok(())
    }
}

fn is_settled(listing: &Listing) -> bool {
    let newest = listing.entries.iter().filter_map(|entry| entry.modified).max();
    match (newest, listing.at) {
        (Some(newest), Some(at)) => at.duration_since(newest).is_ok_and(|age| age >= SETTLED),
        _ => true,
    }
}

/// The files of a listing; `None` where one of them changed meanwhile.
pub(crate) async fn fetch_all(
    source: &dyn Source,
    listing: &Listing,
    known: Option<&Snapshot>,
) -> Result<Option<Vec<File>>, Error> {
    let fetches =
        listing.entries.iter().map(|entry| -> BoxFuture<'_, Result<Vec<u8>, FetchError>> {
            match known.and_then(|known| known.file_of(entry)) {
                Some(file) => Box::pin(std::future::ready(Ok(file.text.clone()))),
                None => source.fetch(entry),
            }
        });
    let fetches: Vec<_> = fetches.collect();
    let texts: Vec<_> = stream::iter(fetches).buffered(AT_ONCE).collect().await;
    let mut files = Vec::with_capacity(texts.len());
    for (entry, text) in listing.entries.iter().zip(texts) {
        match text {
            Ok(text) if text.len() as u64 != entry.bytes => {
                let text = format!("it has {} bytes, but {} were listed", text.len(), entry.bytes);
                let (file, version) = (entry.name.clone(), entry.version.clone());
                let cause = FetchError::Unavailable(text);
                return Err(Error::Fetch { location: source.location(), file, version, cause });
            }
            Ok(text) => files.push(File { entry: entry.clone(), text }),
            Err(FetchError::Changed) => return Ok(None),
            Err(cause) => {
                let (file, version) = (entry.name.clone(), entry.version.clone());
                return Err(Error::Fetch { location: source.location(), file, version, cause });
            }
        }
    }
    Ok(Some(files))
}

#[cfg(test)]
mod tests;
