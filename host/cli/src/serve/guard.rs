//! Who may speak to a server of this program: programs of this machine, and no web page.
//!
//! A page that a developer happens to look at can send requests to any port of their machine. It
//! cannot choose what its browser says of it.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Names and addresses of this machine, as a Host header has them.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// What a server asks of those who speak to it.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    port: u16,
    /// What everybody has to say who comes from another machine.
    token: Option<String>,
}

impl Guard {
    /// Of a server that only programs of this machine reach.
    pub(crate) fn of_loopback(port: u16) -> Self {
        Self { port, token: None }
    }

    /// Of a server that others reach too, if they know this word.
    pub(crate) fn with_token(port: u16, token: String) -> Self {
        Self { port, token: Some(token) }
    }

    /// Why a request may not be made; `None` where it may.
    fn refusal(&self, headers: &HeaderMap, uri: &Uri) -> Option<&'static str> {
        match &self.token {
            None => refusal(headers, uri.authority().map(|named| named.as_str()), self.port),
            Some(token) if !has_token(headers, uri, token) => Some(
                "the token is missing or wrong; send it as `Authorization: Bearer TOKEN`, as ?token=TOKEN, or as the AWS access key id",
            ),
            // A page of another server does not know the token.
            Some(_) => None,
        }
    }
}

/// Whether a request says the token: by itself, or as the access key id that it is signed with.
fn has_token(headers: &HeaderMap, uri: &Uri, token: &str) -> bool {
    let is_it = |said: &str| {
        // In a time that says nothing of how much of it is right.
        said.len() == token.len()
            && said.bytes().zip(token.bytes()).fold(0, |odd, (one, other)| odd | (one ^ other)) == 0
    };
    let said = headers.get(header::AUTHORIZATION).and_then(|said| said.to_str().ok());
    let said = said.unwrap_or_default();
    let signed = said.split("Credential=").nth(1).and_then(|rest| rest.split('/').next());
    let in_query = uri.query().unwrap_or_default().split('&');
    let mut in_query = in_query.filter_map(|pair| pair.strip_prefix("token="));
    said.strip_prefix("Bearer ").is_some_and(is_it)
        || signed.is_some_and(is_it)
        || in_query.any(is_it)
}

/// Lets a request pass, or says why not.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    match guard.refusal(request.headers(), request.uri()) {
        None => next.run(request).await,
        Some(why) => {
            let body = format!("{{\"Code\": \"Forbidden\", \"Message\": \"{why}\"}}");
            (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "application/json")], body)
                .into_response()
        }
    }
}

/// Why a request may not be made; `None` where it may. Programs such as curl, the AWS CLI and
/// runtime clients send a Host and nothing else of these.
fn refusal(headers: &HeaderMap, named: Option<&str>, port: u16) -> Option<&'static str> {
    let is_own = |host: &str| {
        LOOPBACK.iter().any(|name| match host.strip_prefix(name) {
            Some("") => port == 80,
            Some(rest) => rest.strip_prefix(':') == Some(port.to_string().as_str()),
            None => false,
        })
    };
    // What is no text is nobody's.
    let texts = |name: header::HeaderName| {
        headers.get_all(name).into_iter().map(|value| value.to_str().unwrap_or("?"))
    };
    // HTTP/2 says in the request itself which host is meant.
    if texts(header::HOST).chain(named).any(|host| !is_own(&host.to_ascii_lowercase())) {
        return Some(
            "this server accepts only 127.0.0.1, localhost or [::1] with its own port as Host",
        );
    }
    let is_own_page = |origin: &str| origin.strip_prefix("http://").is_some_and(is_own);
    if texts(header::ORIGIN).any(|origin| !is_own_page(origin)) {
        return Some("this server refuses requests from web pages of other servers");
    }
    let site = header::HeaderName::from_static("sec-fetch-site");
    if texts(site).any(|site| !matches!(site, "same-origin" | "none")) {
        return Some("this server refuses requests from web pages of other sites");
    }
    None
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn is_refused(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| {
            (header::HeaderName::from_static(name), HeaderValue::from_static(value))
        });
        refusal(&headers.collect(), None, 28731).is_some()
    }

    #[test]
    fn programs_of_this_machine_pass_and_pages_of_others_do_not() {
        for good in [
            &[][..],
            &[("host", "127.0.0.1:28731")],
            &[("host", "LOCALHOST:28731")],
            &[("host", "[::1]:28731")],
            &[
                ("host", "127.0.0.1:28731"),
                ("origin", "http://127.0.0.1:28731"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[("host", "localhost:28731"), ("sec-fetch-site", "none")],
        ] {
            assert!(!is_refused(good), "{good:?}");
        }
        for bad in [
            &[("host", "evil.example")][..],
            &[("host", "evil.example:28731")],
            &[("host", "127.0.0.1")],
            &[("host", "127.0.0.1:80")],
            &[("host", "127.0.0.1.evil.example:28731")],
            &[("host", "localhost:28731"), ("origin", "null")],
            &[("host", "localhost:28731"), ("origin", "http://localhost:3000")],
            &[("host", "localhost:28731"), ("origin", "https://localhost:28731")],
            &[("host", "localhost:28731"), ("origin", "http://evil.example")],
            &[("host", "localhost:28731"), ("sec-fetch-site", "cross-site")],
            &[("host", "localhost:28731"), ("sec-fetch-site", "same-site")],
        ] {
            assert!(is_refused(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_server_that_others_reach_wants_its_token() {
        let guard = Guard::with_token(28731, "secret".to_owned());
        let refused = |authorization: &'static str, target: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(authorization));
            guard.refusal(&headers, &Uri::from_static(target)).is_some()
        };
        assert!(!refused("Bearer secret", "/"));
        assert!(!refused("AWS4-HMAC-SHA256 Credential=secret/20260101/us-east-1/x", "/"));
        assert!(!refused("", "/moonring/events?call=x&token=secret"));
        for wrong in ["", "secret", "Bearer secre", "Bearer secrets", "AWS4 Credential=other/x"] {
            assert!(refused(wrong, "/?token=secre"), "{wrong}");
        }
    }

    #[test]
    fn a_host_that_http_2_names_is_held_to_the_same() {
        let headers = HeaderMap::new();
        assert!(refusal(&headers, Some("127.0.0.1:28731"), 28731).is_none());
        assert!(refusal(&headers, Some("evil.example"), 28731).is_some());
    }
}
