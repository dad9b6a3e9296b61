//! The manifest of a release: which files it has, and where it comes from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::sha256;

/// How many hexadecimal digits an id has.
const ID: usize = 16;

/// What a release is made of. Its id is made from its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The files, by their names.
    pub files: BTreeMap<String, ListedFile>,
    /// The release that its alias stood for before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, as RFC 3339.
    pub at: String,
    /// What it is about, as its author says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What `moonring check` said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckResult>,
    /// What its specs said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<TestResult>,
    /// The oldest version of the host that can serve it, e.g. `0.1.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedFile {
    /// The SHA-256 of its content, as hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// What a check said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// How many errors there were.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
}

/// What specs said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// How many tests passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
}

impl Manifest {
    /// As it is written.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts and numbers are always JSON.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The id of a release whose manifest has these bytes: 16 hexadecimal digits.
    pub fn id_of(bytes: &[u8]) -> String {
        sha256(bytes).chars().take(ID).collect()
    }

    /// Whether a text can be the id of a release.
    pub fn is_id(text: &str) -> bool {
        text.len() == ID
            && text.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
    }
}
