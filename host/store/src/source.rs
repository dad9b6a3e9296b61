//! A source: a place that lists and gives files.

use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use crate::{FetchError, Objects};

/// A future that a source returns; a look may outlive the event that began it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A place where scripts are kept.
pub trait Source: Send + Sync {
    /// Every file of the release (see [`belongs`](crate::belongs)), by name.
    fn list(&self) -> BoxFuture<'_, Result<Listing, FetchError>>;

    /// Every file of the release as it was when this place was listed at `at`, by its own clock.
    /// What was written in the second before is not in it: a listing that counts is older than
    /// that.
    fn list_at(&self, _at: SystemTime) -> BoxFuture<'_, Result<Listing, FetchError>> {
        let text = "it does not keep earlier versions of files".to_owned();
        Box::pin(std::future::ready(Err(FetchError::NotFound(text))))
    }

    /// The bytes of a file in just this version, or [`FetchError::Changed`].
    fn fetch<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<u8>, FetchError>>;

    /// The place beside this one where the files of an alias lie (see
    /// [`alias_folder`](crate::alias_folder)).
    fn alias(&self, name: &str) -> Arc<dyn Source>;

    /// The same place as one for published releases, where it can be one.
    fn objects(&self) -> Option<Arc<dyn Objects>> {
        None
    }

    /// What operators call it, e.g. `s3://bucket/prefix/`.
    fn location(&self) -> String;
}

/// What a source holds at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files, in the order of their names.
    pub entries: Vec<Entry>,
    /// The source's own clock when it answered; `None` where it has none, as a folder.
    pub at: Option<SystemTime>,
    /// Whether the place has aliases of published releases, which then count instead.
    pub has_aliases: bool,
}

/// One file of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, relative to the source, e.g. `support/night.lua`.
    pub name: String,
    /// What tells its versions apart: an ETag, or a time and a size.
    pub version: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last written, by the source's clock.
    pub modified: Option<SystemTime>,
}
