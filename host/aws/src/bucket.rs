//! A prefix of an S3 bucket that files are put under, and looked for.

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;

use crate::config::OPERATION;

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
    /// What S3 said, in one line.
    pub async fn head(&self, name: &str, bytes: u64) -> Result<Option<(Vec<u8>, u64)>, String> {
        let key = format!("{}{name}", self.prefix);
        let failed = |why: String| format!("cannot read s3://{}/{key}: {why}", self.bucket);
        let range = format!("bytes=0-{}", bytes.saturating_sub(1));
        let object = match self.client.get_object().bucket(&self.bucket).key(&key).range(range).send().await {
            Ok(object) => object,
            Err(error) => {
                return match error.raw_response().map(|response| response.status().as_u16()) {
                    Some(404) => Ok(None),
                    // An empty file has no first byte.
                    Some(416) => Ok(Some((Vec::new(), 0))),
                    _ => Err(failed(error.message().or(error.code()).map_or_else(|| error.to_string(), str::to_owned))),
                };
            }
        };
        let total = object.content_range().and_then(|range| range.rsplit('/').next()?.parse().ok());
        let total = total.or(object.content_length().and_then(|length| u64::try_from(length).ok())).unwrap_or(0);
        let body = tokio::time::timeout(OPERATION, object.body.collect()).await;
        let body = body.map_err(|_| failed("the body took too long".to_owned()))?;
        Ok(Some((body.map_err(|error| failed(error.to_string()))?.to_vec(), total)))
    }

    /// Puts a file there.
    ///
    /// # Errors
    /// What S3 said, in one line.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), String> {
        let key = format!("{}{name}", self.prefix);
        let request = self.client.put_object().bucket(&self.bucket).key(&key).body(bytes.into());
        let failed = |error: aws_sdk_s3::error::SdkError<aws_sdk_s3::operation::put_object::PutObjectError>| {
            let why = error.message().or(error.code()).map_or_else(|| error.to_string(), str::to_owned);
            format!("cannot write s3://{}/{key}: {why}", self.bucket)
        };
        request.send().await.map(drop).map_err(failed)
    }
}
