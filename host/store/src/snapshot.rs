//! A snapshot: all files of a release as they stood together, under an id made from names and
//! contents.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use crate::{Entry, Listing};

/// An immutable set of files.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Made from the names and contents of the files: the same set has the same id, wherever and
    /// whenever it was uploaded.
    pub id: ReleaseId,
    /// The files, in the order of their names.
    pub files: Vec<File>,
    /// When the source was listed, by its own clock, where it has one.
    pub listed_at: Option<SystemTime>,
}

/// One file of a snapshot.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name and version in the source.
    pub entry: Entry,
    /// Its content.
    pub text: Vec<u8>,
}

/// The id of a release: 16 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReleaseId(Arc<str>);

impl Snapshot {
    /// A snapshot of these files.
    pub fn new(mut files: Vec<File>) -> Self {
        files.sort_by(|one, other| one.entry.name.cmp(&other.entry.name));
        let mut hasher = Sha256::new();
        for file in &files {
            // Lengths before contents: no two sets of files run into the same bytes.
            hasher.update((file.entry.name.len() as u64).to_be_bytes());
            hasher.update(file.entry.name.as_bytes());
            hasher.update((file.text.len() as u64).to_be_bytes());
            hasher.update(&file.text);
        }
        let digest = hasher.finalize();
        let id: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { id: ReleaseId(id.into()), files, listed_at: None }
    }

    /// A snapshot of a published release, whose id is that of its manifest.
    pub fn published(id: &str, files: Vec<File>) -> Self {
        Self { id: ReleaseId(id.into()), files, listed_at: None }
    }

    /// Names and contents, as the engine takes them.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|file| (file.entry.name.as_str(), file.text.as_slice()))
    }

    /// The version of a file in its source, where the snapshot has the file.
    pub fn version_of(&self, name: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.entry.name == name)
            .map(|file| file.entry.version.as_str())
    }

    /// Whether a listing shows just these versions of these files.
    pub fn is_listed_by(&self, listing: &Listing) -> bool {
        self.files.len() == listing.entries.len()
            && self
                .files
                .iter()
                .zip(&listing.entries)
                .all(|(file, entry)| file.entry.is_same_version(entry))
    }

    pub(crate) fn file_of(&self, entry: &Entry) -> Option<&File> {
        self.files.iter().find(|file| file.entry.is_same_version(entry))
    }
}

impl Entry {
    pub(crate) fn is_same_version(&self, other: &Self) -> bool {
        self.name == other.name && self.version == other.version
    }
}

impl ReleaseId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
