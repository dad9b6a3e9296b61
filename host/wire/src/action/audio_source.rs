//! Where a WAV file lies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StorageType;

/// A WAV file in S3: uncompressed PCM of at most 50 MB, 8 kHz mono recommended, in a bucket of the
/// application's account that the service may read (rule 61).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct AudioSource {
    /// The storage type: always S3.
    #[serde(rename = "Type")]
    pub source_type: StorageType,
    /// The bucket.
    #[schemars(length(min = 1))]
    pub bucket_name: String,
    /// The key of the file in the bucket.
    #[schemars(length(min = 1))]
    pub key: String,
}
