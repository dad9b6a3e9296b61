//! A prefix of an S3 bucket as a source of scripts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::{BoxError, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::{ByteStream, DateTime, DateTimeFormat};
use aws_sdk_s3::types::{Object, ObjectVersion};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use moonring_store::{
    BoxFuture, Entry, FetchError, Listing, Objects, Source, alias_folder, belongs, is_alias_name,
};

use crate::bucket::{CollectError, collect};
use crate::config::OPERATION;
use crate::s3_objects::S3Objects;
use crate::sdk_error::Failure;

/// The most objects that are looked through for scripts, in pages of 1,000.
const PAGES: usize = 10;
/// The most bytes of one page: 1,000 keys of 1,024 bytes, each escaped, and what S3 says of each.
const PAGE_BYTES: usize = 8 * 1024 * 1024;
/// What stands before a version's id, where an entry is one of a versioned bucket. ETags have
/// quotation marks.
const VERSION: &str = "versionId=";
/// A listing that counts is at least so much younger than its newest object.
const SETTLED: Duration = Duration::from_secs(1);

/// Scripts under a prefix of a bucket.
#[derive(Debug, Clone)]
pub struct S3Source {
    client: Client,
    bucket: String,
    /// Empty, or ends with `/`.
    prefix: String,
}

impl S3Source {
    /// The objects of `bucket` whose keys begin with `prefix`.
    pub fn new(config: &SdkConfig, bucket: &str, prefix: &str) -> Self {
        Self { client: client(config), bucket: bucket.to_owned(), prefix: prefix.to_owned() }
    }

    async fn list_pages(&self) -> Result<Listing, FetchError> {
        let mut listing = Listing::default();
        let mut continuation = None;
        for _ in 0..PAGES {
            let clock = ServerClock::default();
            let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(&self.prefix);
            let request = request.set_continuation_token(continuation.take());
            let page = request
                .customize()
                .interceptor(clock.clone())
                .send()
                .await
                .map_err(|error| to_fetch_error(&error))?;
            // The first page is the oldest: what came after it may be missing from it.
            listing.at = listing.at.or(clock.time());
            listing.entries.extend(page.contents().iter().filter_map(|object| self.entry(object)));
            let mut keys = page.contents().iter().filter_map(|object| object.key());
            listing.has_aliases |=
                keys.any(|key| key.strip_prefix(&self.prefix).is_some_and(is_alias_name));
            if !more_follows(page.is_truncated(), page.key_count(), page.contents().len())? {
                return Ok(listing);
            }
            continuation = page.next_continuation_token().map(str::to_owned);
            if continuation.is_none() {
                return Err(broken_off(
                    "it has more pages, but does not say where the next one starts",
                ));
            }
        }
        let text = format!(
            "there are more than {} objects under the prefix; give scripts a prefix of their own",
            PAGES * 1000
        );
        Err(FetchError::Unavailable(text))
    }

    async fn list_versions(&self, at: SystemTime) -> Result<Listing, FetchError> {
        let mut found = BTreeMap::new();
        let (mut key, mut version) = (None, None);
        for _ in 0..PAGES {
            let request =
                self.client.list_object_versions().bucket(&self.bucket).prefix(&self.prefix);
            let request = request.set_key_marker(key.take()).set_version_id_marker(version.take());
            let page = request.send().await.map_err(|error| to_fetch_error(&error))?;
            let deleted = page
                .delete_markers()
                .iter()
                .map(|marker| (marker.key(), None, marker.last_modified()));
            let written =
                page.versions().iter().map(|one| (one.key(), Some(one), one.last_modified()));
            for (name, one, modified) in deleted.chain(written) {
                let name = name
                    .and_then(|key| key.strip_prefix(&self.prefix))
                    .filter(|name| belongs(name));
                let modified = modified.and_then(|time| SystemTime::try_from(*time).ok());
                let (Some(name), Some(modified)) = (name, modified) else { continue };
                if at.duration_since(modified).is_ok_and(|age| age >= SETTLED) {
                    let newest = found.entry(name.to_owned()).or_insert((modified, None));
                    if newest.0 <= modified {
                        *newest =
                            (modified, one.and_then(|one| version_entry(name, one, modified)));
                    }
                }
            }
            if !more_follows(page.is_truncated(), None, 0)? {
                let entries = found.into_values().filter_map(|(_, entry)| entry).collect();
                return Ok(Listing { entries, at: Some(at), has_aliases: false });
            }
            (key, version) = (
                page.next_key_marker().map(str::to_owned),
                page.next_version_id_marker().map(str::to_owned),
            );
        }
        let text = format!("there are more than {} versions under the prefix", PAGES * 1000);
        Err(FetchError::Unavailable(text))
    }

    fn entry(&self, object: &Object) -> Option<Entry> {
        let name = object.key()?.strip_prefix(&self.prefix)?;
        let modified = object.last_modified().and_then(|time| SystemTime::try_from(*time).ok());
        belongs(name).then(|| Entry {
            name: name.to_owned(),
            version: object.e_tag().unwrap_or_default().to_owned(),
            bytes: object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
            modified,
        })
    }

    async fn fetch_object(&self, entry: &Entry) -> Result<Vec<u8>, FetchError> {
        let key = format!("{}{}", self.prefix, entry.name);
        let request = self.client.get_object().bucket(&self.bucket).key(key);
        let request = match entry.version.strip_prefix(VERSION) {
            Some(version) => request.version_id(version),
            None => request.if_match(&entry.version),
        };
        let object = request.send().await.map_err(|error| to_fetch_error(&error))?;
        let most = usize::try_from(entry.bytes).unwrap_or(usize::MAX);
        // Whether it is as long as it was listed the store sees.
        whole_body(object.content_length(), object.body, most).await
    }
}

/// A whole body of at most so many bytes.
pub(crate) async fn whole_body(
    length: Option<i64>,
    body: ByteStream,
    most: usize,
) -> Result<Vec<u8>, FetchError> {
    // The operation's own time-out ends where the body begins.
    let why = match tokio::time::timeout(OPERATION, collect(length, body, most)).await {
        Ok(Ok(bytes)) => return Ok(bytes),
        Ok(Err(CollectError::TooLong)) => format!("the body has more than {most} bytes"),
        Ok(Err(CollectError::Broken(error))) => format!("the body was cut off: {error}"),
        Err(_) => format!("the body took longer than {} s", OPERATION.as_secs()),
    };
    Err(FetchError::Unavailable(why))
}

impl Source for S3Source {
    fn list(&self) -> BoxFuture<'_, Result<Listing, FetchError>> {
        Box::pin(self.list_pages())
    }

    fn list_at(&self, at: SystemTime) -> BoxFuture<'_, Result<Listing, FetchError>> {
        Box::pin(self.list_versions(at))
    }

    fn fetch<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(self.fetch_object(entry))
    }

    fn alias(&self, name: &str) -> Arc<dyn Source> {
        let prefix = format!("{}{}/", self.prefix, alias_folder(name));
        Arc::new(Self { prefix, ..self.clone() })
    }

    fn objects(&self) -> Option<Arc<dyn Objects>> {
        Some(Arc::new(S3Objects::new(self.client.clone(), &self.bucket, &self.prefix)))
    }

    fn location(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }
}

/// Whether a page of a listing is not the last. S3 says so at the end of each page: one that does
/// not say it has broken off, and what is missing from it would be taken for deleted.
fn more_follows(
    is_truncated: Option<bool>,
    key_count: Option<i32>,
    keys: usize,
) -> Result<bool, FetchError> {
    let Some(is_truncated) = is_truncated else { return Err(broken_off("its end is missing")) };
    if key_count.is_some_and(|count| usize::try_from(count) != Ok(keys)) {
        return Err(broken_off(&format!(
            "it has {keys} keys, but says {}",
            key_count.unwrap_or(0)
        )));
    }
    Ok(is_truncated)
}

fn broken_off(why: &str) -> FetchError {
    FetchError::Unavailable(format!("the listing is incomplete: {why}"))
}

fn version_entry(name: &str, one: &ObjectVersion, modified: SystemTime) -> Option<Entry> {
    Some(Entry {
        name: name.to_owned(),
        version: format!("{VERSION}{}", one.version_id()?),
        bytes: one.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
        modified: Some(modified),
    })
}

/// A client for S3, or for a server that stands in for it: such a one mostly has no names of its
/// own for buckets.
pub fn client(config: &SdkConfig) -> Client {
    let has_endpoint =
        config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
    Client::from_conf(
        aws_sdk_s3::config::Builder::from(config).force_path_style(has_endpoint).build(),
    )
}

pub(crate) fn to_fetch_error<E>(error: &SdkError<E, HttpResponse>) -> FetchError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let text = Failure::of(error).to_string();
    match error.raw_response().map(|response| response.status().as_u16()) {
        Some(404) => FetchError::NotFound(text),
        Some(401 | 403) => FetchError::Denied(text),
        Some(412) => FetchError::Changed,
        Some(status) => FetchError::Unavailable(format!("{status} {text}")),
        None => FetchError::Unavailable(text),
    }
}

/// Reads the `Date` of a response: the time by the clock that also dates the objects. A response
/// that is too long is not read.
#[derive(Debug, Clone, Default)]
struct ServerClock(Arc<Mutex<Option<SystemTime>>>);

impl ServerClock {
    fn time(&self) -> Option<SystemTime> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for ServerClock {
    fn name(&self) -> &'static str {
        "ServerClock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.response().headers();
        let length = headers.get("content-length").and_then(|length| length.parse::<usize>().ok());
        if length.is_some_and(|length| length > PAGE_BYTES) {
            return Err(format!("a page of the listing has more than {PAGE_BYTES} bytes").into());
        }
        let date = headers.get("date");
        let date = date.and_then(|text| DateTime::from_str(text, DateTimeFormat::HttpDate).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            date.and_then(|date| SystemTime::try_from(date).ok());
        Ok(())
    }
}
