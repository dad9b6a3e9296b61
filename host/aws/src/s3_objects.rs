//! A prefix of an S3 bucket as a place for published releases.

use aws_config::retry::RetryConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use moonring_store::{BoxFuture, FetchError, Got, Listed, Objects, Only, Put};

use crate::s3_source::{to_fetch_error, whole_body};

/// Objects under a prefix of a bucket.
#[derive(Debug, Clone)]
pub(crate) struct S3Objects {
    client: Client,
    bucket: String,
    /// Empty, or ends with `/`.
    prefix: String,
}

impl S3Objects {
    pub(crate) fn new(client: Client, bucket: &str, prefix: &str) -> Self {
        Self { client, bucket: bucket.to_owned(), prefix: prefix.to_owned() }
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    async fn read(&self, name: &str, known: Option<&str>, most: u64) -> Result<Got, FetchError> {
        let request = self.client.get_object().bucket(&self.bucket).key(self.key(name));
        let request = request.set_if_none_match(known.map(str::to_owned));
        let object = match request.send().await {
            Ok(object) => object,
            Err(error) => {
                return match status(&error) {
                    Some(304) => Ok(Got::Unchanged),
                    Some(404) => Ok(Got::Absent),
                    _ => Err(to_fetch_error(&error)),
                };
            }
        };
        let tag = object.e_tag().unwrap_or_default().to_owned();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let bytes = whole_body(object.content_length(), object.body, most).await?;
        Ok(Got::Object { bytes, tag })
    }

    async fn write(&self, name: &str, bytes: Vec<u8>, only: Only<'_>) -> Result<Put, FetchError> {
        let request = self.client.put_object().bucket(&self.bucket).key(self.key(name));
        let request = match only {
            Only::New => request.if_none_match("*"),
            Only::Replacing(tag) => request.if_match(tag),
        };
        // Tried again after an answer that was late, it would meet itself.
        let once = aws_sdk_s3::config::Builder::new().retry_config(RetryConfig::disabled());
        let sent = request.body(bytes.into()).customize().config_override(once).send().await;
        match sent {
            Ok(done) => Ok(Put::Done(done.e_tag().unwrap_or_default().to_owned())),
            Err(error) => match (status(&error), only) {
                (Some(412), _) | (Some(404), Only::Replacing(_)) => Ok(Put::Refused),
                (Some(409), _) => Ok(Put::Busy),
                _ => Err(to_fetch_error(&error)),
            },
        }
    }

    async fn names(&self, beginning: &str) -> Result<Vec<Listed>, FetchError> {
        let prefix = self.key(beginning);
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix);
        let mut pages = request.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| to_fetch_error(&error))?;
            found.extend(page.contents().iter().filter_map(|object| {
                let name = object.key()?.strip_prefix(&self.prefix)?.to_owned();
                let bytes = object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
                Some(Listed { name, bytes })
            }));
        }
        Ok(found)
    }

    async fn remove(&self, name: &str) -> Result<(), FetchError> {
        let request = self.client.delete_object().bucket(&self.bucket).key(self.key(name));
        request.send().await.map(drop).map_err(|error| to_fetch_error(&error))
    }
}

impl Objects for S3Objects {
    fn get<'a>(
        &'a self,
        name: &'a str,
        known: Option<&'a str>,
        most: u64,
    ) -> BoxFuture<'a, Result<Got, FetchError>> {
        Box::pin(self.read(name, known, most))
    }

    fn put<'a>(
        &'a self,
        name: &'a str,
        bytes: Vec<u8>,
        only: Only<'a>,
    ) -> BoxFuture<'a, Result<Put, FetchError>> {
        Box::pin(self.write(name, bytes, only))
    }

    fn list<'a>(&'a self, beginning: &'a str) -> BoxFuture<'a, Result<Vec<Listed>, FetchError>> {
        Box::pin(self.names(beginning))
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), FetchError>> {
        Box::pin(self.remove(name))
    }

    fn location(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }
}

fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16>
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    error.raw_response().map(|response| response.status().as_u16())
}
