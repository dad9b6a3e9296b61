//! `http.*`: requests to hosts that the settings allow, and to no address inside.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use moonring_flow::{HttpRequest, Reply};
use moonring_runtime::{ReplyBytes, too_large};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode, Url};
use serde_json::{Map, Value, json};

use super::allowlist::Hosts;
use super::failed;
use crate::sdk_error::causes;

/// The most bytes of a reply's body, unless a request says.
const BYTES: usize = 64 * 1024;
/// The most redirects that are followed.
const REDIRECTS: usize = 5;
/// Headers that say where a request goes and how long it is.
pub(super) const OWN_HEADERS: [&str; 6] =
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te"];
/// Connections that were idle for so long may be dead, after a Lambda has slept.
const IDLE: Duration = Duration::from_secs(15);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_millis(1000);

/// The client. Proxies that the environment names are not used: a host that is allowed is spoken to
/// itself.
pub(super) struct Http {
    client: Client,
    hosts: Hosts,
}

/// Why a host or an address is not spoken to.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(String);

impl Http {
    pub(super) fn new(hosts: Hosts) -> Result<Self, String> {
        // A second host of one process finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let told =
            |error: reqwest::Error| format!("cannot set up the HTTP client: {}", causes(&error));
        let client = plain_builder()
            .dns_resolver(Arc::new(Resolver(hosts.clone())))
            .build()
            .map_err(told)?;
        Ok(Self { client, hosts })
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
            return failed("invalid", format!("{:?} is not an HTTP method", request.method));
        };
        // The host is the one that was allowed.
        if let Some(name) = request
            .headers
            .keys()
            .find(|name| OWN_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own)))
        {
            return failed(
                "invalid",
                format!("the header {name} is set by the host; leave it out"),
            );
        }
        let mut headers: Vec<(&str, &str)> =
            request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let has_type = request.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
        let body = match &request.body {
            None => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(value) => {
                if !has_type {
                    headers.push(("content-type", "application/json"));
                }
                Some(value.to_string())
            }
        };
        let sent = self.follow(Sent { method, url, headers, body });
        let response = match request.timeout.map(Duration::try_from_secs_f64) {
            None => sent.await,
            Some(Err(_)) => return failed("invalid", "the timeout is not a number of seconds"),
            Some(Ok(most)) => match tokio::time::timeout(most, sent).await {
                Ok(response) => response,
                Err(_) => {
                    return failed(
                        "timeout",
                        format!("there was no reply within {} s", most.as_secs_f64()),
                    );
                }
            },
        };
        match response {
            Ok(response) => read(response, request.max_bytes.unwrap_or(BYTES), bytes).await,
            Err(reply) => reply,
        }
    }

    /// Sends a request, and goes where it is led.
    async fn follow(&self, sent: Sent<'_>) -> Result<Response, Reply> {
        let mut sent = sent;
        for _ in 0..=REDIRECTS {
            let mut request = self.client.request(sent.method.clone(), sent.url.clone());
            for (name, value) in &sent.headers {
                request = request.header(*name, *value);
            }
            if let Some(body) = &sent.body {
                request = request.body(body.clone());
            }
            let response = request.send().await.map_err(|error| failure(&error))?;
            match target(&response, &sent.url) {
                None => return Ok(response),
                Some(next) => sent = sent.led_to(next, response.status(), &self.hosts)?,
            }
        }
        Err(failed("denied", format!("there were more than {REDIRECTS} redirects")))
    }
}

/// A request as it is sent.
struct Sent<'a> {
    method: Method,
    url: Url,
    headers: Vec<(&'a str, &'a str)>,
    body: Option<String>,
}

impl Sent<'_> {
    /// The same where it is led to. Another scheme, host or port gets nothing of what the script
    /// sent: its headers may have keys in them, and its body whatever it knows of a caller.
    fn led_to(self, url: Url, status: StatusCode, hosts: &Hosts) -> Result<Self, Reply> {
        if self.url.scheme() == "https" && url.scheme() != "https" {
            return Err(failed("denied", "a redirect leads from https to http"));
        }
        check(hosts, &url).map_err(|Refused(why)| failed("denied", why))?;
        let mut next = self;
        // 301 and 302 make a GET of a POST, as every client has it; 303 of anything.
        let is_get = status == StatusCode::SEE_OTHER && next.method != Method::HEAD
            || [StatusCode::MOVED_PERMANENTLY, StatusCode::FOUND].contains(&status)
                && next.method == Method::POST;
        if is_get {
            next.method = Method::GET;
            next.body = None;
            next.headers.retain(|(name, _)| !name.to_ascii_lowercase().starts_with("content-"));
        }
        if url.origin() != next.url.origin() {
            next.body = None;
            next.headers.clear();
        }
        next.url = url;
        Ok(next)
    }
}

/// Where a response leads, if it does.
fn target(response: &Response, from: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get("location")?;
    from.join(std::str::from_utf8(location.as_bytes()).ok()?).ok()
}

/// A client for endpoints that scripts do not choose.
///
/// # Errors
/// When it cannot be set up, in words.
pub fn plain_client() -> Result<Client, String> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let told = |error: reqwest::Error| format!("cannot set up the HTTP client: {}", causes(&error));
    plain_builder().build().map_err(told)
}

fn plain_builder() -> reqwest::ClientBuilder {
    // Redirects are followed by hand, where that is wanted: the client's own take along what a
    // script sent.
    let builder = Client::builder().no_proxy().redirect(Policy::none()).referer(false);
    builder.connect_timeout(CONNECT).pool_idle_timeout(IDLE).user_agent("moonring")
}

/// A reply: status, headers, body. Reading stops where it has more bytes than `most`, or than are
/// `left` of its event.
pub(super) async fn read(mut response: Response, most: usize, left: &ReplyBytes) -> Reply {
    let refused = || {
        failed(
            "invalid",
            format!("the reply has more than {most} bytes; raise `max_bytes`, or ask for less"),
        )
    };
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
    let text = String::from_utf8(body)
        .unwrap_or_else(|other| String::from_utf8_lossy(other.as_bytes()).into_owned());
    // What the body is as JSON is not in here: a flow would record it twice.
    Reply::Done(json!({"status": status, "headers": Map::from_iter(headers), "body": text}))
}

/// The reply to a request of a URL that may not be asked; `None` where it may. No client is set up
/// for it.
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
    failed(
        word,
        error.url().map_or(text.clone(), |url| text.replace(&format!(" for url ({url})"), "")),
    )
}

/// Whether a URL may be asked.
fn check(hosts: &Hosts, url: &Url) -> Result<(), Refused> {
    let host = url.host_str().unwrap_or_default();
    if !["http", "https"].contains(&url.scheme()) {
        return Err(Refused(format!(
            "{} is not a supported URL scheme; wanted https",
            url.scheme()
        )));
    }
    if !hosts.allow(host) {
        return Err(Refused(format!(
            "the host {host} is not allowed; add it to MOONRING_HTTP_ALLOW"
        )));
    }
    // A name's addresses are looked at when it is resolved.
    let address = match url.host() {
        Some(url::Host::Ipv4(address)) => Some(address.into()),
        Some(url::Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    };
    match address {
        Some(address) if !hosts.allow_address(address) => Err(Refused(format!(
            "the address {address} is not public; if you mean it, add it to MOONRING_HTTP_ALLOW"
        ))),
        _ => Ok(()),
    }
}

/// Names to addresses, of which those inside are left out: what is connected to is what was looked
/// at.
struct Resolver(Hosts);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = self.0.clone();
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<_> =
                found.into_iter().filter(|address| hosts.allow_address(address.ip())).collect();
            if public.is_empty() {
                let why = format!(
                    "{name} resolves to an address that is not public; if you mean it, add the address to MOONRING_HTTP_ALLOW"
                );
                return Err(Box::new(Refused(why)) as Box<dyn Error + Send + Sync>);
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}
