//! Why no release could be taken, told to the operator: which file, which version, why.

use crate::PublishedError;

/// Why a source did not give a listing or a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Nothing is there (404).
    #[error("not found: {0}")]
    NotFound(String),
    /// It may not be read (403). Without the right to list a bucket, S3 answers this for a missing
    /// key too.
    #[error("access denied: {0}")]
    Denied(String),
    /// It is not the version that was listed (412): somebody is uploading.
    #[error("changed while it was read")]
    Changed,
    /// The source did not answer, or answered that it cannot now (5xx, time-outs, connections).
    #[error("unavailable: {0}")]
    Unavailable(String),
}

/// Why there is no new snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The source could not be listed.
    #[error("{location}: cannot list the scripts: {cause}")]
    List {
        /// The source.
        location: String,
        /// Why.
        cause: FetchError,
    },
    /// A file could not be read.
    #[error("{location}: cannot read {file} (version {version}): {cause}")]
    Fetch {
        /// The source.
        location: String,
        /// The file.
        file: String,
        /// The version that was listed.
        version: String,
        /// Why.
        cause: FetchError,
    },
    /// The files kept changing while they were read.
    #[error(
        "{location}: the scripts kept changing while they were read, {file} (version {version}) last; the next check tries again"
    )]
    Unsettled {
        /// The source.
        location: String,
        /// The newest file.
        file: String,
        /// Its version.
        version: String,
    },
    /// A file, or all of them, are larger than a release may be.
    #[error("{location}: {file} (version {version}) has {bytes} bytes; the limit is {most}")]
    TooLarge {
        /// The source.
        location: String,
        /// The file, or `all files`.
        file: String,
        /// The version that was listed, or `-`.
        version: String,
        /// How many there are.
        bytes: u64,
        /// How many there may be.
        most: u64,
    },
    /// There are more files than a release may have.
    #[error("{location}: there are {files} scripts; the limit is {most}")]
    TooMany {
        /// The source.
        location: String,
        /// How many there are.
        files: usize,
        /// How many there may be.
        most: usize,
    },
    /// What the source held once is not the release that was meant.
    #[error("{location}: at that time it held {found}, not the release {wanted}")]
    Differs {
        /// The source.
        location: String,
        /// The release that was meant.
        wanted: String,
        /// What was there.
        found: String,
    },
    /// There is no script at all.
    #[error("{location}: there are no scripts (.lua or .luau files) here")]
    Empty {
        /// The source.
        location: String,
    },
    /// A published release, or the alias that names it, is not served.
    #[error(transparent)]
    Published(#[from] PublishedError),
}

impl Error {
    /// Whether the source was read well, and what it holds cannot be a release: it will not do
    /// until it changes.
    pub fn is_refusal(&self) -> bool {
        if let Self::Published(error) = self {
            return error.is_refusal();
        }
        matches!(
            self,
            Self::TooLarge { .. }
                | Self::TooMany { .. }
                | Self::Empty { .. }
                | Self::Differs { .. }
        )
    }
}
