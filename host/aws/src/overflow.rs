//! Journals and claims of flows as objects in S3.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use moonring_runtime::{Later, Overflow};

use crate::Bucket;

impl Overflow for Bucket {
    fn read<'a>(&'a self, name: &'a str) -> Later<'a, Option<Vec<u8>>> {
        Box::pin(async { self.get(name).await.map_err(|error| error.to_string()) })
    }

    fn write<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> Later<'a, ()> {
        Box::pin(async { self.put(name, bytes).await.map_err(|error| error.to_string()) })
    }

    fn claim<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> Later<'a, bool> {
        Box::pin(async { self.put_new(name, bytes).await.map_err(|error| error.to_string()) })
    }

    fn clear<'a>(&'a self, beginning: &'a str) -> Later<'a, ()> {
        Box::pin(async { self.delete_all(beginning).await.map_err(|error| error.to_string()) })
    }
}

/// What S3 said, in one line.
pub(crate) fn told<E>(error: &SdkError<E, HttpResponse>) -> String
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => crate::s3_source::causes(error),
    }
}
