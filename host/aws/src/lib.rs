//! The real outside: S3, spoken to with the AWS SDK. No rule of telephony is in here.

mod bucket;
mod config;
mod overflow;
mod s3_source;

use std::sync::Arc;

use aws_config::SdkConfig;
use moonring_runtime::Overflow;
use moonring_store::{Folder, Location, Source};

pub use bucket::Bucket;
pub use config::sdk_config;
pub use s3_source::S3Source;

/// The source behind a location. No request is made yet.
pub async fn open(location: &Location) -> Arc<dyn Source> {
    outside(location, None).await.0
}

/// The source behind a location, and the place for journals that are too long for their calls, where one is set. No request is made yet.
pub async fn outside(scripts: &Location, journals: Option<&Location>) -> (Arc<dyn Source>, Option<Box<dyn Overflow>>) {
    let is_s3 = |location: &Location| matches!(location, Location::S3 { .. });
    // Looking for credentials takes time, and is of no use to a folder.
    let config = if is_s3(scripts) || journals.is_some_and(is_s3) { Some(sdk_config().await) } else { None };
    let source: Arc<dyn Source> = match (scripts, &config) {
        (Location::S3 { bucket, prefix }, Some(config)) => Arc::new(S3Source::new(config, bucket, prefix)),
        (Location::S3 { bucket, prefix }, None) => Arc::new(S3Source::new(&sdk_config().await, bucket, prefix)),
        (Location::Folder(path), _) => Arc::new(Folder::new(path)),
    };
    (source, config.and_then(|config| overflow(&config, journals?)))
}

/// The place for journals behind a location.
pub fn overflow(config: &SdkConfig, journals: &Location) -> Option<Box<dyn Overflow>> {
    match journals {
        Location::S3 { bucket, prefix } => Some(Box::new(Bucket::new(config, bucket, prefix))),
        Location::Folder(_) => None,
    }
}
