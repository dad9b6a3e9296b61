//! Releases of scripts: where they come from, when one is whole, which one a call runs.
//!
//! A call never sees half of a release: a [`Snapshot`] is taken only from a listing that was
//! settled before and unchanged after its files were read, and a [`ReleaseCache`] serves only what
//! its user accepted.

mod error;
mod folder;
mod location;
mod published;
mod rebuild;
mod release_cache;
mod release_paths;
mod snapshot;
mod source;
mod take_snapshot;

pub use error::{Error, FetchError};
pub use folder::Folder;
pub use location::{Location, LocationError};
pub use published::{
    Alias, AliasLook, Candidate, CheckResult, FolderObjects, Got, KnownAlias, LIVE, Listed,
    ListedFile, Manifest, Objects, Only, Past, Published, PublishedError, Put, TestResult, Trust,
    TrustError, alias_name, blob_name, is_alias_name, manifest_name, sha256, signature_name,
};
pub use rebuild::rebuild;
pub use release_cache::ReleaseCache;
pub use release_paths::{alias_folder, belongs, is_alias};
pub use snapshot::{File, ReleaseId, Snapshot};
pub use source::{BoxFuture, Entry, Listing, Source};
pub use take_snapshot::{Caps, take, take_listed};
