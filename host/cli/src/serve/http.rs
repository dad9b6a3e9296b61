//! The socket: requests in, handed to who has the account; responses out.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Method, Response, StatusCode, Uri, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use http_body_util::BodyExt as _;
use moonring_exchange::api::HttpResponse;
use moonring_exchange::{Tag, Trace};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::event_stream::events;
use super::feed::Feed;
use super::guard::{Guard, guard};
use super::kept::kept;
use super::page;
use super::releases::{Releases, source};
use super::sounds::{Sounds, sound, voice, whole};
use super::switchboard::Refusal;
use super::ways::{Ways, ways};

/// The largest body, in bytes: no operation of the API comes near it.
const BODY: usize = 1024 * 1024;
/// The largest piece of sound: a minute at the rate of a studio.
const VOICE: usize = 16 * 1024 * 1024;

/// What the account is asked, and where the answer goes.
pub(crate) enum Ask {
    /// A request of the API, or about calls.
    Http(HttpAsk),
    /// What has happened in a call; none where there is no such call.
    Trace { call: String, answer: oneshot::Sender<Option<Trace>> },
    /// Somebody speaks into a microphone for so long; the moment of the call.
    Voice {
        call: String,
        leg: Tag,
        lasts: Duration,
        answer: oneshot::Sender<Result<Duration, Refusal>>,
    },
}

/// A request, and where its response goes.
pub(crate) struct HttpAsk {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) body: Bytes,
    pub(crate) answer: oneshot::Sender<HttpResponse>,
}

/// What requests are answered from.
pub(crate) struct Web {
    pub(crate) asks: mpsc::Sender<Ask>,
    pub(crate) feed: Feed,
    pub(crate) releases: Releases,
    pub(crate) sounds: Sounds,
    pub(crate) ways: Ways,
    /// Whether there is a page: only where no token is wanted, which it could not send.
    pub(crate) has_page: bool,
}

/// Takes requests for as long as the program runs.
pub(crate) async fn listen(listener: TcpListener, web: Web, guarded: Guard) -> std::io::Result<()> {
    let Web { asks, feed, releases, sounds, ways: walks, has_page } = web;
    let stream = Router::new().route("/moonring/events", get(events)).with_state(feed);
    let source = Router::new().route("/moonring/source", get(source)).with_state(releases);
    let walks = Router::new().route("/moonring/ways", get(ways)).with_state(walks);
    let calls = Router::new()
        .route("/moonring/calls/{call}/sound", get(sound))
        .route("/moonring/calls/{call}/wav", get(whole))
        .route("/moonring/calls/{call}/kept", get(kept))
        .route("/moonring/calls/{call}/voice", post(voice))
        .layer(DefaultBodyLimit::max(VOICE))
        .with_state(sounds);
    let mut routes = Router::new().fallback(pass_on).with_state(asks);
    if has_page {
        routes = routes.route("/", get(page::index)).route("/page/{*path}", get(page::file));
    }
    let own = stream.merge(source).merge(walks).merge(calls).layer(map_response(with_message));
    let routes = routes.merge(own);
    axum::serve(listener, routes.layer(from_fn_with_state(guarded, guard))).await
}

/// Refusals of the server library as those of the server itself: JSON with a message.
async fn with_message(response: Response<Body>) -> Response<Body> {
    let json = header::HeaderValue::from_static("application/json");
    let status = response.status();
    let is_json = response.headers().get(header::CONTENT_TYPE) == Some(&json);
    if !status.is_client_error() || is_json {
        return response;
    }
    let said = read(response.into_body()).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let message = if said.is_empty() { status.to_string() } else { said.into_owned() };
    let body = serde_json::json!({"Message": message});
    (status, axum::Json(body)).into_response()
}

async fn pass_on(
    State(asks): State<mpsc::Sender<Ask>>,
    method: Method,
    uri: Uri,
    body: Body,
) -> Response<Body> {
    let body = match read(body).await {
        Some(body) => body,
        None => {
            let text = format!(
                "{{\"Code\": \"BadRequest\", \"Message\": \"The body has more than {BODY} bytes, or was cut off\"}}"
            );
            let error = Some("BadRequestException");
            return to_http(HttpResponse {
                status: StatusCode::PAYLOAD_TOO_LARGE.as_u16(),
                error_type: error,
                body: text.into_bytes(),
            });
        }
    };
    let target = uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string);
    let (answer, response) = oneshot::channel();
    let ask = Ask::Http(HttpAsk { method: method.to_string(), target, body, answer });
    match asks.send(ask).await {
        Ok(()) => response.await.map_or_else(|_| unavailable(), to_http),
        Err(_) => unavailable(),
    }
}

/// A whole body. One that is too large is read to its end all the same: a client that is still
/// sending would not hear why not.
async fn read(mut body: Body) -> Option<Bytes> {
    let (mut bytes, mut is_too_large) = (Vec::new(), false);
    while let Some(frame) = body.frame().await {
        let data = frame.ok()?.into_data().unwrap_or_default();
        is_too_large |= bytes.len() + data.len() > BODY;
        if !is_too_large {
            bytes.extend_from_slice(&data);
        }
    }
    (!is_too_large).then(|| bytes.into())
}

fn to_http(response: HttpResponse) -> Response<Body> {
    let mut http = Response::new(Body::from(response.body));
    *http.status_mut() =
        StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = http.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    if let Some(error) = response.error_type {
        headers.insert("x-amzn-errortype", header::HeaderValue::from_static(error));
    }
    http
}

/// The program is about to end.
fn unavailable() -> Response<Body> {
    let error_type = Some("ServiceUnavailableException");
    to_http(HttpResponse {
        status: 503,
        error_type,
        body: b"{\"Code\": \"ServiceUnavailable\"}".to_vec(),
    })
}
