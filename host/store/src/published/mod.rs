//! Published releases: immutable files by their hashes, a manifest for each release, and aliases
//! that say which release serves.
//!
//! | object | what it is |
//! |---|---|
//! | `blobs/SHA256` | a file of any release; written once |
//! | `releases/ID.json` | the manifest of a release; its id is made from its bytes; written once |
//! | `aliases/NAME.json` | which release a name stands for; changed only by who has read it last |
//! | `signatures/SHA256.minisig` | who vouches for a manifest or an alias, by the hash of its bytes |

mod alias;
mod folder_objects;
mod manifest;
mod objects;
mod read;
mod trust;

pub use alias::{Alias, Candidate, Past};
pub use folder_objects::FolderObjects;
pub use manifest::{CheckResult, ListedFile, Manifest, TestResult};
pub use objects::{Got, Listed, Objects, Only, Put};
pub use read::{AliasLook, KnownAlias, Published, PublishedError};
pub use trust::{Trust, TrustError};

use sha2::{Digest, Sha256};

/// The alias that hosts serve where nothing else is said.
pub const LIVE: &str = "live";

/// Where a file lies, by the hash of its content.
pub fn blob_name(sha256: &str) -> String {
    format!("blobs/{sha256}")
}

/// Where the manifest of a release lies.
pub fn manifest_name(id: &str) -> String {
    format!("releases/{id}.json")
}

/// Where an alias lies.
pub fn alias_name(alias: &str) -> String {
    format!("aliases/{alias}.json")
}

/// Where the signature of a manifest or an alias lies, by the bytes that are signed.
pub fn signature_name(bytes: &[u8]) -> String {
    format!("signatures/{}.minisig", sha256(bytes))
}

/// A SHA-256 as 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a key, relative to the place of the scripts, is that of an alias.
pub fn is_alias_name(name: &str) -> bool {
    name.strip_prefix("aliases/")
        .and_then(|name| name.strip_suffix(".json"))
        .is_some_and(crate::is_alias)
}
