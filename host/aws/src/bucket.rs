//! A prefix of an S3 bucket that files are put under.

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;

/// Somewhere to put files.
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
