//! What scripts ask of the outside, for real: calls and meetings, any AWS operation that is
//! allowed, servers that are, and the scripts' own storage.

mod allowlist;
mod chime;
mod http;
mod json;
mod signed;
mod storage;

use std::pin::Pin;

use aws_config::SdkConfig;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use moonring_flow::{Reply, Request};
use moonring_runtime::{Allowance, Asked, ReplyBytes, Services, Settings, error_type_of, too_late};
use tokio::sync::OnceCell;

use self::allowlist::{Hosts, Operations};
pub use self::chime::{Chime, check_members};
use self::http::Http;
pub use self::http::plain_client as http_client;
use self::signed::Signer;
use crate::sdk_error::Failure;
use crate::{Bucket, SharedConfig};

/// Why an operation does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The word that scripts have for it in `err.type`, such as `denied` or `not_found`.
    pub error_type: String,
    /// The same in one line.
    pub text: String,
}

/// The outside. Nothing is asked, and no credentials are looked for, before a script asks for
/// something.
pub struct AwsServices {
    operations: Operations,
    hosts: Hosts,
    http: OnceCell<Http>,
    storage: Option<moonring_store::Location>,
    config: SharedConfig,
    clients: OnceCell<Clients>,
}

/// The clients that need credentials.
struct Clients {
    chime: Chime,
    signer: Signer,
    storage: Option<Bucket>,
}

impl AwsServices {
    /// The outside, as far as the settings allow it.
    pub fn new(settings: &Settings, config: SharedConfig) -> Self {
        let (operations, hosts) =
            (Operations::new(&settings.aws_allow), Hosts::new(&settings.http_allow));
        let (http, clients) = (OnceCell::new(), OnceCell::new());
        Self { operations, hosts, http, storage: settings.storage.clone(), config, clients }
    }

    /// Sets up what the settings say will be asked, before anybody waits for it: reading the
    /// system's certificates takes a while.
    pub async fn prepare(&self) {
        // What cannot be set up fails when it is asked, with the reason.
        if !self.hosts.is_empty() {
            let _ = self.http().await;
        }
        if !self.operations.is_empty() {
            let _ = self.clients().await.signer.client().await;
        }
        // Calls and meetings need no setting: where AWS is spoken to anyway, the clients for them
        // are little more.
        if self.storage.is_some() || self.config.is_read() {
            self.clients().await;
        }
    }

    /// One operation of a service whose protocol is JSON, asked by a command and not by a script.
    ///
    /// # Errors
    /// Why it did not work, in one line.
    pub async fn ask(
        &self,
        service: &str,
        operation: &str,
        input: serde_json::Value,
    ) -> Result<serde_json::Value, String> {
        self.try_ask(service, operation, input).await.map_err(|refusal| refusal.text)
    }

    /// The same, with the word that scripts have for the error.
    ///
    /// # Errors
    /// Why it does not work.
    pub async fn try_ask(
        &self,
        service: &str,
        operation: &str,
        input: serde_json::Value,
    ) -> Result<serde_json::Value, Refusal> {
        let asked = json::JsonOperation {
            service,
            operation,
            input: &input,
            version: None,
            may_repeat: true,
        };
        let signer = &self.clients().await.signer;
        // Bytes of replies are counted for scripts alone.
        match json::carry_out(signer, asked, &ReplyBytes::default()).await {
            Reply::Done(output) => Ok(output),
            Reply::Failed { message, error_type, .. } => {
                Err(Refusal { error_type, text: format!("{service} {operation}: {message}") })
            }
        }
    }

    async fn http(&self) -> Result<&Http, Reply> {
        self.http
            .get_or_try_init(|| async { Http::new(self.hosts.clone()) })
            .await
            .map_err(|why| failed("failed", why))
    }

    async fn clients(&self) -> &Clients {
        let made = || async { Clients::new(self.config.get().await, self.storage.as_ref()) };
        self.clients.get_or_init(made).await
    }

    async fn one(&self, request: &Request, bytes: &ReplyBytes) -> Result<Reply, Reply> {
        let may_repeat = !request.must_not_repeat();
        Ok(match request {
            Request::Aws { service, operation, input, version } => {
                if Chime::is_for(service) {
                    return Ok(self.clients().await.chime.carry_out(operation, input).await);
                }
                match self.operations.refusal(service, operation) {
                    Some(refusal) => refusal,
                    None => {
                        json::carry_out(
                            &self.clients().await.signer,
                            json::JsonOperation {
                                service,
                                operation,
                                input,
                                version: version.as_deref(),
                                may_repeat,
                            },
                            bytes,
                        )
                        .await
                    }
                }
            }
            // What such a request does stands in its path, its headers and its body: no name of an
            // operation holds it to anything.
            Request::Signed(request) => match self.operations.refusal(&request.service, "*") {
                Some(refusal) => refusal,
                None => self.clients().await.signer.carry_out(request, may_repeat, bytes).await,
            },
            Request::Http(request) => match http::refusal(&self.hosts, &request.url) {
                Some(refusal) => refusal,
                None => self.http().await?.carry_out(request, bytes).await,
            },
            Request::Storage(request) => match &self.clients().await.storage {
                Some(bucket) => storage::carry_out(bucket, request, bytes).await,
                None => failed("denied", "there is no storage; set MOONRING_STORAGE"),
            },
        })
    }
}

impl Services for AwsServices {
    fn carry_out<'a>(
        &'a self,
        asked: Asked<'a>,
        allowance: Allowance<'a>,
    ) -> Pin<Box<dyn Future<Output = Vec<Reply>> + 'a>> {
        let one = move |request| async move {
            let done =
                tokio::time::timeout(allowance.time, self.one(request, allowance.bytes)).await;
            done.map_or_else(|_| too_late(), |done| done.unwrap_or_else(|failure| failure))
        };
        Box::pin(futures_util::future::join_all(asked.requests.iter().map(one)))
    }
}

impl Clients {
    fn new(config: &SdkConfig, storage: Option<&moonring_store::Location>) -> Self {
        let storage = match storage {
            Some(moonring_store::Location::S3 { bucket, prefix }) => {
                Some(Bucket::new(config, bucket, prefix))
            }
            _ => None,
        };
        Self { chime: Chime::new(config), signer: Signer::new(config), storage }
    }
}

/// A failure in the host's own words.
fn failed(error_type: &str, message: impl Into<String>) -> Reply {
    Reply::Failed { error_type: error_type.to_owned(), message: message.into(), code: None }
}

/// A failure in a service's words.
fn refused(code: Option<&str>, message: String) -> Reply {
    let error_type = code.map_or("failed", error_type_of).to_owned();
    Reply::Failed { error_type, message, code: code.map(str::to_owned) }
}

/// What an operation of the SDK failed with.
fn sdk_failure<E>(error: &SdkError<E, HttpResponse>) -> Reply
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let Failure { error_type, code, text } = Failure::of(error);
    Reply::Failed { error_type: error_type.to_owned(), message: text, code }
}
