//! The real outside: S3, spoken to with the AWS SDK. No rule of telephony is in here.

mod bucket;
mod config;
mod overflow;
mod s3_source;

use std::sync::Arc;

use moonring_runtime::Overflow;
use moonring_store::{Folder, Location, Source};

pub use bucket::Bucket;
pub use config::sdk_config;
pub use s3_source::S3Source;

/// The source behind a location. No request is made yet.
pub async fn open(location: &Location) -> Arc<dyn Source> {
    match location {
        Location::Folder(path) => Arc::new(Folder::new(path)),
        Location::S3 { bucket, prefix } => Arc::new(S3Source::new(&sdk_config().await, bucket, prefix)),
    }
}

/// The place for journals that are too long for their calls, where one is set. No request is made yet.
pub async fn overflow(location: Option<&Location>) -> Option<Box<dyn Overflow>> {
    match location? {
        Location::S3 { bucket, prefix } => Some(Box::new(Bucket::new(&sdk_config().await, bucket, prefix))),
        Location::Folder(_) => None,
    }
}
