//! Releases of scripts: where they come from, when one is whole, which one a call runs.
//!
//! A call never sees half of a release: a [`Snapshot`] is taken only from a listing that was settled before and unchanged
//! after its files were read, and a [`Shelf`] serves only what its user accepted.

mod error;
mod folder;
mod location;
mod name;
mod rebuild;
mod shelf;
mod snapshot;
mod source;
mod take;

pub use error::{Error, FetchError};
pub use folder::Folder;
pub use location::{Location, LocationError};
pub use name::{alias_folder, belongs, is_alias};
pub use rebuild::rebuild;
pub use shelf::Shelf;
pub use snapshot::{File, ReleaseId, Snapshot};
pub use source::{BoxFuture, Entry, Listing, Source};
pub use take::{Caps, take};
