//! A prefix of an S3 bucket that files are put under, and looked for.

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::config::OPERATION;
use crate::sdk_error::Failure;

/// What S3 did not do, in one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot {deed} s3://{place}: {failure}")]
pub struct BucketError {
    /// What was wanted, e.g. `read`.
    deed: &'static str,
    /// The bucket and the key.
    place: String,
    /// What S3 said.
    failure: Failure,
}

impl BucketError {
    fn new<E>(deed: &'static str, place: String, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        Self { deed, place, failure: Failure::of(error) }
    }

    /// What S3 said, without where.
    pub(crate) fn failure(&self) -> &Failure {
        &self.failure
    }
}

/// Somewhere to put files, and to look for them.
#[derive(Debug, Clone)]
pub struct Bucket {
    client: Client,
    bucket: String,
    /// Empty, or ends with `/`.
    prefix: String,
}

impl Bucket {
    /// The objects of `bucket` whose keys begin with `prefix`.
    pub fn new(config: &SdkConfig, bucket: &str, prefix: &str) -> Self {
        let client = crate::s3_source::client(config);
        Self { client, bucket: bucket.to_owned(), prefix: prefix.to_owned() }
    }

    /// The first bytes of a file and the size of all of it, or `None` where there is no such file.
    ///
    /// # Errors
    /// What S3 said.
    pub async fn head(
        &self,
        name: &str,
        bytes: u64,
    ) -> Result<Option<(Vec<u8>, u64)>, BucketError> {
        let key = format!("{}{name}", self.prefix);
        let range = format!("bytes=0-{}", bytes.saturating_sub(1));
        let object =
            match self.client.get_object().bucket(&self.bucket).key(&key).range(range).send().await
            {
                Ok(object) => object,
                Err(error) => {
                    return match error.raw_response().map(|response| response.status().as_u16()) {
                        Some(404) => Ok(None),
                        // An empty file has no first byte.
                        Some(416) => Ok(Some((Vec::new(), 0))),
                        _ => Err(BucketError::new("read", self.place(&key), &error)),
                    };
                }
            };
        let total = object.content_range().and_then(|range| range.rsplit('/').next()?.parse().ok());
        let total = total
            .or(object.content_length().and_then(|length| u64::try_from(length).ok()))
            .unwrap_or(0);
        let most = usize::try_from(bytes).unwrap_or(usize::MAX);
        let first = self.read(&key, most, first_bytes(object.body, most)).await?;
        Ok(Some((first, total)))
    }

    /// Puts a file there.
    ///
    /// # Errors
    /// What S3 said.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), BucketError> {
        let key = format!("{}{name}", self.prefix);
        let request = self.client.put_object().bucket(&self.bucket).key(&key).body(bytes.into());
        let put = request.send().await;
        put.map(drop).map_err(|error| BucketError::new("write", self.place(&key), &error))
    }

    /// Puts a file there unless one of its name is there already: whether it did.
    ///
    /// # Errors
    /// What S3 said.
    pub async fn put_new(&self, name: &str, bytes: Vec<u8>) -> Result<bool, BucketError> {
        let key = format!("{}{name}", self.prefix);
        let request = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(&key)
            .if_none_match("*")
            .body(bytes.into());
        // Tried again after an answer that was late, it would meet itself.
        let once = aws_sdk_s3::config::Builder::new()
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(OPERATION).build());
        match request.customize().config_override(once).send().await {
            Ok(_) => Ok(true),
            // 412: it is there. 409: somebody else is putting it there at this moment.
            Err(error)
                if error
                    .raw_response()
                    .is_some_and(|raw| [409, 412].contains(&raw.status().as_u16())) =>
            {
                Ok(false)
            }
            Err(error) => Err(BucketError::new("write", self.place(&key), &error)),
        }
    }

    /// A whole file, or `None` where there is none of this name.
    ///
    /// # Errors
    /// What S3 said, or that the file has more than `most` bytes: of such a one no more is read
    /// than tells.
    pub async fn get(&self, name: &str, most: usize) -> Result<Option<Vec<u8>>, BucketError> {
        let key = format!("{}{name}", self.prefix);
        let object = match self.client.get_object().bucket(&self.bucket).key(&key).send().await {
            Ok(object) => object,
            Err(error) if error.raw_response().is_some_and(|raw| raw.status().as_u16() == 404) => {
                return Ok(None);
            }
            Err(error) => return Err(BucketError::new("read", self.place(&key), &error)),
        };
        Ok(Some(self.read(&key, most, collect(object.content_length(), object.body, most)).await?))
    }

    /// Deletes a file, if there is one of this name.
    ///
    /// # Errors
    /// What S3 said.
    pub async fn delete(&self, name: &str) -> Result<(), BucketError> {
        let key = format!("{}{name}", self.prefix);
        let deleted = self.client.delete_object().bucket(&self.bucket).key(&key).send().await;
        deleted.map(drop).map_err(|error| BucketError::new("delete", self.place(&key), &error))
    }

    /// Deletes every file whose name begins so; a thousand at most, which are more than any call
    /// has.
    ///
    /// # Errors
    /// What S3 said.
    pub async fn delete_all(&self, beginning: &str) -> Result<(), BucketError> {
        let prefix = format!("{}{beginning}", self.prefix);
        let listed =
            self.client.list_objects_v2().bucket(&self.bucket).prefix(&prefix).send().await;
        let listed =
            listed.map_err(|error| BucketError::new("list", self.place(&prefix), &error))?;
        for key in listed.contents().iter().filter_map(|object| object.key()) {
            let deleted = self.client.delete_object().bucket(&self.bucket).key(key).send().await;
            deleted.map_err(|error| BucketError::new("delete", self.place(key), &error))?;
        }
        Ok(())
    }

    fn place(&self, key: &str) -> String {
        format!("{}/{key}", self.bucket)
    }

    async fn read(
        &self,
        key: &str,
        most: usize,
        bytes: impl Future<Output = Result<Vec<u8>, CollectError>>,
    ) -> Result<Vec<u8>, BucketError> {
        let failed = |error_type: &'static str, text: String| BucketError {
            deed: "read",
            place: self.place(key),
            failure: Failure { error_type, code: None, text },
        };
        match tokio::time::timeout(OPERATION, bytes).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(CollectError::TooLong)) => {
                Err(failed("invalid", format!("it has more than {most} bytes")))
            }
            Ok(Err(CollectError::Broken(text))) => Err(failed("failed", text)),
            Err(_) => Err(failed("timeout", "the body took too long".to_owned())),
        }
    }
}

/// Why a body was not collected.
#[derive(Debug)]
pub(crate) enum CollectError {
    /// It has more bytes than it may.
    TooLong,
    /// It broke off.
    Broken(String),
}

/// The bytes of a body, if they are no more than `most`. A body whose `length` is known to be more
/// is not read, any other only so far.
pub(crate) async fn collect(
    length: Option<i64>,
    mut body: ByteStream,
    most: usize,
) -> Result<Vec<u8>, CollectError> {
    if length.and_then(|length| usize::try_from(length).ok()).is_some_and(|length| length > most) {
        return Err(CollectError::TooLong);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| CollectError::Broken(error.to_string()))?;
        if bytes.len() + chunk.len() > most {
            return Err(CollectError::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The first bytes of a body. A server that does not know ranges sends the whole: more than was
/// asked for is not read.
async fn first_bytes(mut body: ByteStream, most: usize) -> Result<Vec<u8>, CollectError> {
    let mut bytes = Vec::new();
    while bytes.len() < most
        && let Some(chunk) = body.next().await
    {
        bytes.extend_from_slice(&chunk.map_err(|error| CollectError::Broken(error.to_string()))?);
    }
    bytes.truncate(most);
    Ok(bytes)
}
