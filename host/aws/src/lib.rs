//! The real outside: S3, spoken to with the AWS SDK. No rule of telephony is in here.

mod bucket;
mod config;
mod overflow;
mod s3_source;
mod services;

use std::sync::Arc;

use aws_config::SdkConfig;
use moonring_runtime::{Overflow, Services, Settings};
use moonring_store::{Folder, Location, Source};

pub use bucket::{Bucket, BucketError};
pub use config::sdk_config;
pub use s3_source::S3Source;
pub use services::{Chime, Outside};

/// All that a host needs of the world.
pub struct World {
    /// Where the scripts come from.
    pub source: Arc<dyn Source>,
    /// The place for journals that are too long for their calls, where one is set.
    pub overflow: Option<Box<dyn Overflow>>,
    /// Who carries out what scripts ask for.
    pub services: Box<dyn Services>,
}

/// The source behind a location. No request is made yet.
pub async fn open(location: &Location) -> Arc<dyn Source> {
    match location {
        Location::Folder(path) => Arc::new(Folder::new(path)),
        Location::S3 { bucket, prefix } => Arc::new(S3Source::new(&sdk_config().await, bucket, prefix)),
    }
}

/// The world as the settings name it. No request is made yet.
pub async fn world(scripts: &Location, settings: &Settings) -> World {
    let source = open(scripts).await;
    let overflow = match &settings.journal {
        Some(journals) => overflow(&sdk_config().await, journals),
        None => None,
    };
    let services = Outside::new(settings);
    services.prepare().await;
    World { source, overflow, services: Box::new(services) }
}

/// The place for journals behind a location.
pub fn overflow(config: &SdkConfig, journals: &Location) -> Option<Box<dyn Overflow>> {
    match journals {
        Location::S3 { bucket, prefix } => Some(Box::new(Bucket::new(config, bucket, prefix))),
        Location::Folder(_) => None,
    }
}
