//! Requests to AWS with a signature of this process's role.

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use moonring_flow::{Reply, SignedRequest};
use moonring_runtime::ReplyBytes;
use reqwest::{Client, Method, Url};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::http::{OWN_HEADERS, failure, plain_client, read};
use super::{failed, refused};
use crate::sdk_error::{causes, type_of_status};

/// The most bytes of a reply.
const BYTES: usize = 1024 * 1024;
/// How often a request is made that is throttled or meets a server that is not well, and what lies
/// between.
pub(super) const TRIES: u32 = 3;
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// Signs requests and sends them.
pub(super) struct Signer {
    config: SdkConfig,
    client: OnceCell<Client>,
}

/// One request, as it is sent.
pub(super) struct Outgoing<'a> {
    pub(super) method: &'a str,
    /// The service's name in its endpoint.
    pub(super) service: &'a str,
    pub(super) signing_name: &'a str,
    /// With its own escapes.
    pub(super) path: &'a str,
    pub(super) query: &'a [(String, String)],
    pub(super) headers: &'a [(String, String)],
    pub(super) body: Vec<u8>,
    /// Whether nothing is done twice where it is carried out twice.
    pub(super) may_repeat: bool,
}

impl Signer {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self { config: config.clone(), client: OnceCell::new() }
    }

    /// The client, set up when it is first needed: that takes a while.
    pub(super) async fn client(&self) -> Result<&Client, Reply> {
        let made = || async { plain_client() };
        self.client.get_or_try_init(made).await.map_err(|why| failed("failed", why))
    }

    /// `aws.request`: any status below 400 is a reply.
    pub(super) async fn carry_out(
        &self,
        request: &SignedRequest,
        may_repeat: bool,
        bytes: &ReplyBytes,
    ) -> Reply {
        let pairs = |map: &std::collections::BTreeMap<String, String>| {
            map.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>()
        };
        let mut headers = pairs(&request.headers);
        // The host is the endpoint's, and the signature this process's.
        let is_own = |name: &str| {
            OWN_HEADERS.iter().chain(&["authorization"]).any(|own| name.eq_ignore_ascii_case(own))
        };
        if let Some(name) = request.headers.keys().find(|name| is_own(name)) {
            return failed(
                "invalid",
                format!("the header {name} is set by the host; leave it out"),
            );
        }
        let body = match &request.body {
            None => Vec::new(),
            Some(Value::String(text)) => text.clone().into_bytes(),
            Some(value) => {
                if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                    headers.push(("content-type".to_owned(), "application/json".to_owned()));
                }
                value.to_string().into_bytes()
            }
        };
        let outgoing = Outgoing {
            method: &request.method,
            service: &request.service,
            signing_name: request.signing_name.as_deref().unwrap_or(&request.service),
            path: &request.path,
            query: &pairs(&request.query),
            headers: &headers,
            body,
            may_repeat,
        };
        self.send(&outgoing, bytes).await
    }

    /// Sends a request, and again where it was throttled: a status, headers and a body, or why not.
    pub(super) async fn send(&self, outgoing: &Outgoing<'_>, bytes: &ReplyBytes) -> Reply {
        let mut reply = self.attempt(outgoing, bytes).await;
        for number in 1..TRIES {
            let is_worth_it = match &reply {
                // What was throttled was not carried out; of anything else nobody knows.
                Reply::Failed { error_type, code, .. } => {
                    error_type == "throttled"
                        || outgoing.may_repeat
                            && code.as_deref().is_some_and(|code| code.starts_with('5'))
                }
                Reply::Done(_) => false,
            };
            if !is_worth_it {
                break;
            }
            tokio::time::sleep(PAUSE * number * number).await;
            reply = self.attempt(outgoing, bytes).await;
        }
        reply
    }

    async fn attempt(&self, outgoing: &Outgoing<'_>, bytes: &ReplyBytes) -> Reply {
        let Outgoing { method, service, signing_name, path, query, headers, body, .. } = outgoing;
        let url = match self.url(service, path, query) {
            Ok(url) => url,
            Err(why) => return failed("invalid", why),
        };
        let Some(provider) = self.config.credentials_provider() else {
            return failed("denied", "this process has no AWS credentials");
        };
        let credentials = match provider.provide_credentials().await {
            Ok(credentials) => credentials,
            Err(error) => {
                let why = causes(&error);
                return failed("denied", format!("there are no AWS credentials: {why}"));
            }
        };
        let identity = credentials.into();
        let region = self.config.region().map_or("us-east-1", AsRef::as_ref);
        let params = SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(signing_name)
            .time(SystemTime::now())
            .settings(settings_for(signing_name))
            .build();
        let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let signed = params.map_err(|error| error.to_string()).and_then(|params| {
            let params = params.into();
            let request =
                SignableRequest::new(method, url.as_str(), pairs, SignableBody::Bytes(body));
            let request = request.map_err(|error| error.to_string())?;
            Ok(sign(request, &params).map_err(|error| error.to_string())?.into_parts().0)
        });
        let signed = match signed {
            Ok(signed) => signed,
            Err(why) => return failed("invalid", format!("the request cannot be signed: {why}")),
        };
        let Ok(method) = Method::from_bytes(method.as_bytes()) else {
            return failed("invalid", format!("{method:?} is not an HTTP method"));
        };
        let client = match self.client().await {
            Ok(client) => client,
            Err(reply) => return reply,
        };
        let mut request = client.request(method, url).body(body.clone());
        for (name, value) in headers.iter() {
            request = request.header(name, value);
        }
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        match request.send().await {
            Ok(response) => told(read(response, BYTES, bytes).await),
            Err(error) => failure(&error),
        }
    }

    fn url(&self, service: &str, path: &str, query: &[(String, String)]) -> Result<Url, String> {
        let own = std::env::var(format!(
            "AWS_ENDPOINT_URL_{}",
            service.to_uppercase().replace(['-', '.'], "_")
        ))
        .ok();
        let region = self.config.region().map_or("us-east-1", AsRef::as_ref);
        let endpoint = own.or_else(|| self.config.endpoint_url().map(str::to_owned));
        let endpoint =
            endpoint.unwrap_or_else(|| format!("https://{service}.{region}.amazonaws.com"));
        let mut url = url_at(endpoint.trim_end_matches('/'), path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}

/// What stands behind an endpoint, as a URL. The signature has the session token of this process's
/// role with it: it goes to the endpoint, and nowhere else, whatever the path says.
fn url_at(endpoint: &str, path: &str) -> Result<Url, String> {
    let parse =
        |text: &str| Url::parse(text).map_err(|error| format!("{text} is not a URL: {error}"));
    let (own, url) = (parse(endpoint)?, parse(&format!("{endpoint}{path}"))?);
    let is_same = own.scheme() == url.scheme()
        && own.host() == url.host()
        && own.port_or_known_default() == url.port_or_known_default()
        && url.username().is_empty()
        && url.password().is_none()
        && path.starts_with('/');
    if is_same {
        Ok(url)
    } else {
        Err(format!(
            "the path {path:?} leads away from {endpoint}; wanted a path that begins with /"
        ))
    }
}

/// How a service wants its signature: S3 its own way.
fn settings_for(signing_name: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if signing_name == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    settings
}

/// A reply of an AWS service: from 400 on it is a failure, whose name is in a header or in the
/// body.
fn told(reply: Reply) -> Reply {
    let Reply::Done(came) = reply else { return reply };
    let status = came["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
    if status < 400 {
        return Reply::Done(came);
    }
    let body: Value =
        came["body"].as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let text =
        |names: &[&str]| names.iter().find_map(|name| body[*name].as_str()).map(str::to_owned);
    let code = came["headers"]["x-amzn-errortype"]
        .as_str()
        .map(str::to_owned)
        .or_else(|| text(&["__type", "code", "Code"]));
    // `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException:http://…`
    let code = code.map(|code| {
        code.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default().to_owned()
    });
    let plain = came["body"].as_str().unwrap_or_default();
    let message = text(&["message", "Message", "errorMessage"])
        .unwrap_or_else(|| plain.chars().take(200).collect());
    match code.filter(|code| !code.is_empty()) {
        Some(code) if moonring_runtime::error_type_of(&code) != "failed" => {
            refused(Some(&code), message)
        }
        code => {
            let code = code.filter(|_| status < 500).or(Some(status.to_string()));
            Reply::Failed { error_type: type_of_status(status).to_owned(), message, code }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_away_from_the_endpoint() {
        let endpoint = "https://lambda.us-east-1.amazonaws.com";
        for path in ["/", "/2015-03-31/functions?x=@a", "//a/b", "/a@b:80/", "/..//..", "/%40"] {
            let url = url_at(endpoint, path).unwrap();
            assert_eq!(url.host_str(), Some("lambda.us-east-1.amazonaws.com"), "{path}");
        }
        for path in [
            "@evil.example:80/",
            ":8080/",
            ".evil.example/",
            "",
            "x",
            ":a@evil.example/",
            "\\evil",
            "?a",
            "#a",
        ] {
            assert!(url_at(endpoint, path).is_err(), "{path}");
        }
        // An endpoint of tests, with a port.
        assert!(url_at("http://127.0.0.1:5000", "0/a").is_err());
        assert_eq!(
            url_at("http://127.0.0.1:5000", "/a").unwrap().as_str(),
            "http://127.0.0.1:5000/a"
        );
    }
}
