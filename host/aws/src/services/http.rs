//! `http.*`: requests to hosts that the settings allow, and to no address inside.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use moonring_runtime::{HttpRequest, Reply, ReplyBytes, too_large};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Method, Response, Url};
use serde_json::{Map, Value, json};

use super::allow::Hosts;
use super::failed;
use crate::failure::causes;

/// The most bytes of a reply's body, unless a request says.
const BYTES: usize = 64 * 1024;
/// The most redirects that are followed.
const REDIRECTS: usize = 5;
/// Headers that say where a request goes and how long it is.
const OWN_HEADERS: [&str; 4] = ["host", "content-length", "transfer-encoding", "connection"];
/// Connections that were idle for so long may be dead, after a Lambda has slept.
const IDLE: Duration = Duration::from_secs(15);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_millis(1000);

/// The client. Proxies that the environment names are not used: a host that is allowed is spoken to itself.
pub(super) struct Http {
    client: Client,
}

/// Why a host or an address is not spoken to.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(String);

impl Http {
    pub(super) fn new(hosts: Hosts) -> Result<Self, String> {
        // A second host of one process finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let told = |error: reqwest::Error| format!("cannot set up the HTTP client: {}", causes(&error));
        let redirects = hosts.clone();
        let client = plain_builder()
            .redirect(Policy::custom(move |attempt| follow(&redirects, attempt)))
            .dns_resolver(Arc::new(Resolver(hosts)))
            .build()
            .map_err(told)?;
        Ok(Self { client })
    }

    /// Carries out a request that [`refusal`] has nothing against.
    pub(super) async fn carry_out(&self, request: &HttpRequest, bytes: &ReplyBytes) -> Reply {
        let mut url = match Url::parse(&request.url) {
            Ok(url) => url,
            Err(error) => return failed("invalid", format!("the URL cannot be read: {error}")),
        };
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let Ok(method) = Method::from_bytes(request.method.as_bytes()) else {
            return failed("invalid", format!("{:?} is no HTTP method", request.method));
        };
        let mut sent = self.client.request(method, url);
        if let Some(seconds) = request.timeout {
            sent = sent.timeout(Duration::from_secs_f64(seconds));
        }
        let has_type = request.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
        sent = match &request.body {
            None => sent,
            Some(Value::String(text)) => sent.body(text.clone()),
            Some(value) if has_type => sent.body(value.to_string()),
            Some(value) => sent.header("content-type", "application/json").body(value.to_string()),
        };
        for (name, value) in &request.headers {
            // The host is the one that was allowed.
            if OWN_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own)) {
                return failed("invalid", format!("the header {name} is not a script's to set"));
            }
            sent = sent.header(name, value);
        }
        match sent.send().await {
            Ok(response) => read(response, request.max_bytes.unwrap_or(BYTES), bytes).await,
            Err(error) => failure(&error),
        }
    }
}

/// A client for endpoints that scripts do not choose.
pub(super) fn plain_client() -> Result<Client, String> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let told = |error: reqwest::Error| format!("cannot set up the HTTP client: {}", causes(&error));
    plain_builder().redirect(Policy::none()).build().map_err(told)
}

fn plain_builder() -> reqwest::ClientBuilder {
    Client::builder().no_proxy().connect_timeout(CONNECT).pool_idle_timeout(IDLE).user_agent("moonring")
}

/// A reply: status, headers, body. Reading stops where it has more bytes than `most`, or than are `left` of its event.
pub(super) async fn read(mut response: Response, most: usize, left: &ReplyBytes) -> Reply {
    let refused =
        || failed("invalid", format!("the reply has more than {most} bytes; raise `max_bytes`, or ask for less"));
    // What says itself that it is too long is not begun.
    if response.content_length().is_some_and(|bytes| bytes > most as u64) {
        return refused();
    }
    let status = response.status().as_u16();
    let mut headers = BTreeMap::new();
    for (name, value) in response.headers() {
        if left.take(name.as_str().len() + value.len()).is_err() {
            return too_large();
        }
        if let Ok(text) = value.to_str() {
            headers.insert(name.as_str().to_owned(), Value::from(text));
        }
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > most => return refused(),
            Ok(Some(chunk)) if left.take(chunk.len()).is_err() => return too_large(),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return failure(&error),
        }
    }
    let text = String::from_utf8(body).unwrap_or_else(|other| String::from_utf8_lossy(other.as_bytes()).into_owned());
    // What the body is as JSON is not in here: a flow would record it twice.
    Reply::Done(json!({"status": status, "headers": Map::from_iter(headers), "body": text}))
}

/// The reply to a request of a URL that may not be asked; `None` where it may. No client is set up for it.
pub(super) fn refusal(hosts: &Hosts, url: &str) -> Option<Reply> {
    let url = Url::parse(url).ok()?;
    check(hosts, &url).err().map(|Refused(why)| failed("denied", why))
}

/// Why there is no reply.
pub(super) fn failure(error: &reqwest::Error) -> Reply {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(Refused(why)) = cause.downcast_ref::<Refused>() {
            return failed("denied", why.clone());
        }
        source = cause.source();
    }
    let word = if error.is_timeout() {
        "timeout"
    } else if error.is_builder() || error.is_redirect() {
        "invalid"
    } else {
        "failed"
    };
    // The URL may have what nobody is to read.
    let text = causes(error);
    failed(word, error.url().map_or(text.clone(), |url| text.replace(&format!(" for url ({url})"), "")))
}

/// Whether a URL may be asked.
fn check(hosts: &Hosts, url: &Url) -> Result<(), Refused> {
    let host = url.host_str().unwrap_or_default();
    if !["http", "https"].contains(&url.scheme()) {
        return Err(Refused(format!("{} is no way to ask a server; wanted https", url.scheme())));
    }
    if !hosts.allow(host) {
        return Err(Refused(format!("the host {host} is not allowed; add it to MOONRING_HTTP_ALLOW")));
    }
    // A name's addresses are looked at when it is resolved.
    let address = match url.host() {
        Some(url::Host::Ipv4(address)) => Some(address.into()),
        Some(url::Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    };
    match address {
        Some(address) if !hosts.allow_address(address) => {
            Err(Refused(format!("the address {address} is not of the public network")))
        }
        _ => Ok(()),
    }
}

fn follow(hosts: &Hosts, attempt: Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.previous().len() > REDIRECTS {
        return attempt.error(Refused(format!("there were more than {REDIRECTS} redirects")));
    }
    let was_safe = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
    if was_safe && attempt.url().scheme() != "https" {
        return attempt.error(Refused("a redirect leads from https to http".to_owned()));
    }
    match check(hosts, attempt.url()) {
        Ok(()) => attempt.follow(),
        Err(refused) => attempt.error(refused),
    }
}

/// Names to addresses, of which those inside are left out: what is connected to is what was looked at.
struct Resolver(Hosts);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = self.0.clone();
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<_> = found.into_iter().filter(|address| hosts.allow_address(address.ip())).collect();
            if public.is_empty() {
                let why = format!(
                    "{name} leads to an address that is not of the public network; name the address in MOONRING_HTTP_ALLOW if that is meant"
                );
                return Err(Box::new(Refused(why)) as Box<dyn Error + Send + Sync>);
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}
