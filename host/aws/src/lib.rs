//! The real outside: S3, spoken to with the AWS SDK. No rule of telephony is in here.

mod bucket;
mod config;
mod object_store;
mod s3_objects;
mod s3_source;
mod sdk_error;
mod secret;
mod services;

use std::sync::Arc;

use moonring_runtime::{ObjectStore, Services, Settings};
use moonring_store::{Folder, Location, Source};

pub use bucket::{Bucket, BucketError};
pub use config::{SharedConfig, sdk_config, sdk_config_of};
pub use s3_source::{S3Source, client as s3_client};
pub use secret::with_kept_secret;
pub use services::{AwsServices, Chime, Refusal, check_members, http_client};

/// All that a host needs of the world.
pub struct World {
    /// Where the scripts come from.
    pub source: Arc<dyn Source>,
    /// The place for journals that are too long for their calls, where one is set.
    pub object_store: Option<Box<dyn ObjectStore>>,
    /// Who carries out what scripts ask for.
    pub services: Box<dyn Services>,
}

/// The source behind a location. No request is made yet.
pub async fn open(config: &SharedConfig, location: &Location) -> Arc<dyn Source> {
    match location {
        Location::Folder(path) => Arc::new(Folder::new(path)),
        Location::S3 { bucket, prefix } => {
            Arc::new(S3Source::new(config.get().await, bucket, prefix))
        }
    }
}

/// The world as the settings name it. No request is made yet.
pub async fn world(scripts: &Location, settings: &Settings) -> World {
    let config = SharedConfig::default();
    let source = open(&config, scripts).await;
    let object_store = match &settings.journal {
        Some(journals) => object_store(&config, journals).await,
        None => None,
    };
    let services = AwsServices::new(settings, config);
    services.prepare().await;
    World { source, object_store, services: Box::new(services) }
}

/// The place for journals behind a location.
pub async fn object_store(
    config: &SharedConfig,
    journals: &Location,
) -> Option<Box<dyn ObjectStore>> {
    match journals {
        Location::S3 { bucket, prefix } => {
            Some(Box::new(Bucket::new(config.get().await, bucket, prefix)))
        }
        Location::Folder(_) => None,
    }
}
