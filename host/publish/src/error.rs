//! Why something was not published, told to who publishes: what stands, and what to do.

use moonring_store::{FetchError, PublishedError};

/// Why nothing was published, or no alias moved.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something that is there cannot be read.
    #[error(transparent)]
    Read(#[from] PublishedError),
    /// Something cannot be written.
    #[error(
        "{location}{name}: cannot be written: {cause}; nothing has moved, run the command again"
    )]
    Write {
        /// The place.
        location: String,
        /// The object.
        name: String,
        /// Why.
        cause: FetchError,
    },
    /// The place cannot be listed.
    #[error("{location}{name}: cannot be listed: {cause}")]
    List {
        /// The place.
        location: String,
        /// What the names begin with.
        name: String,
        /// Why.
        cause: FetchError,
    },
    /// Somebody else moved an alias first.
    #[error(
        "somebody else has moved the alias `{alias}` meanwhile: {who}, {at}; look with `moonring status`, then run the command again"
    )]
    MovedMeanwhile {
        /// The alias.
        alias: String,
        /// Who moved it.
        who: String,
        /// When.
        at: String,
    },
    /// An alias that is needed is not there.
    #[error("there is no alias `{alias}` at {location}; `moonring push` makes it")]
    NoAlias {
        /// The alias.
        alias: String,
        /// The place.
        location: String,
    },
    /// A release that is named is not there.
    #[error(
        "there is no release {id} at {location}; `moonring releases` lists those there are{hint}"
    )]
    NoRelease {
        /// As it was named.
        id: String,
        /// The nearest alias, as a sentence; empty where none is near.
        hint: String,
        /// The place.
        location: String,
    },
    /// There is nothing to go back to.
    #[error(
        "the alias `{alias}` has no release before this one; name one: moonring rollback {alias} ID"
    )]
    NothingBefore {
        /// The alias.
        alias: String,
    },
    /// It cannot be signed.
    #[error("it cannot be signed: {0}")]
    Sign(String),
}
