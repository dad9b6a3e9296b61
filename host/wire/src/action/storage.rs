//! Kinds of storage.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The one kind of storage there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum StorageType {
    /// Amazon S3.
    S3,
}
