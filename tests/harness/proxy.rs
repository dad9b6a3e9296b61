//! A proxy before the S3 server: counts what is asked for, and refuses what a test tells it to.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// The proxy, on a free port of this machine.
pub struct Proxy {
    /// Where it listens, as a URL.
    pub endpoint: String,
    shared: Arc<Shared>,
    _runtime: tokio::runtime::Runtime,
}

struct Shared {
    server: String,
    client: Client<HttpConnector, Body>,
    requests: Mutex<Vec<String>>,
    /// What a role must allow for what was asked.
    rights: Mutex<BTreeSet<&'static str>>,
    /// What every listing is answered with instead.
    listing: Mutex<Option<String>>,
    /// What is refused: the end of the path (or `list`) and the status.
    refusal: Mutex<Option<(String, u16)>>,
    /// Whose answer ends in its middle: the end of the path.
    cut: Mutex<Option<String>>,
    failing: Mutex<Failing>,
    /// How long every answer takes.
    delay: Mutex<Duration>,
    /// The versions that were asked for (`If-Match`).
    versions: Mutex<Vec<String>>,
}

/// Which requests fail, counted from 1, with which status, and how many there have been.
#[derive(Default)]
struct Failing {
    requests: std::ops::Range<usize>,
    status: u16,
    seen: usize,
}

impl Proxy {
    /// Starts a proxy before the server at this URL.
    pub fn start(server: &str) -> Self {
        let shared = Arc::new(Shared {
            server: server.to_owned(),
            client: Client::builder(TokioExecutor::new()).build_http(),
            requests: Mutex::default(),
            rights: Mutex::default(),
            listing: Mutex::default(),
            refusal: Mutex::default(),
            cut: Mutex::default(),
            failing: Mutex::default(),
            delay: Mutex::default(),
            versions: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().fallback(pass).with_state(Arc::clone(&shared));
        runtime.spawn(async { axum::serve(listener, routes).await.unwrap() });
        Self { endpoint, shared, _runtime: runtime }
    }

    /// From now on requests for this are answered with a status: a file's name, a folder's with its
    /// slash, or `list`.
    pub fn refuse(&self, what: &str, status: u16) {
        *self.shared.refusal.lock().unwrap() = Some((what.to_owned(), status));
    }

    /// From now on the answer to requests for this breaks off in its middle.
    pub fn cut(&self, what: &str) {
        *self.shared.cut.lock().unwrap() = Some(what.to_owned());
    }

    /// Has these requests fail, counted from 1 from now on, as a server fails that is not well.
    pub fn fail(&self, requests: std::ops::Range<usize>) {
        self.fail_with(requests, 500);
    }

    /// Has these requests fail with this status, counted from 1 from now on.
    pub fn fail_with(&self, requests: std::ops::Range<usize>, status: u16) {
        *self.shared.failing.lock().unwrap() = Failing { requests, status, seen: 0 };
    }

    /// From now on every answer takes so long.
    pub fn delay(&self, delay: Duration) {
        *self.shared.delay.lock().unwrap() = delay;
    }

    /// The versions that were asked for with `If-Match` since the last time.
    pub fn take_versions(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.versions.lock().unwrap())
    }

    /// From now on every listing is this text.
    pub fn list(&self, text: &str) {
        *self.shared.listing.lock().unwrap() = Some(text.to_owned());
    }

    /// From now on everything passes.
    pub fn pass(&self) {
        *self.shared.listing.lock().unwrap() = None;
        *self.shared.refusal.lock().unwrap() = None;
        *self.shared.cut.lock().unwrap() = None;
        *self.shared.failing.lock().unwrap() = Failing::default();
        *self.shared.delay.lock().unwrap() = Duration::ZERO;
    }

    /// The actions of IAM that a role must allow for what was asked so far.
    pub fn rights(&self) -> BTreeSet<&'static str> {
        self.shared.rights.lock().unwrap().clone()
    }

    /// What was asked for since the last time: `list`, or the name of a file.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.requests.lock().unwrap())
    }
}

async fn pass(State(shared): State<Arc<Shared>>, mut request: Request) -> Response {
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let is_list = path.contains("list-type=2");
    let what = if is_list {
        "list"
    } else {
        request.uri().path().rsplit("/live/").next().unwrap_or_default()
    }
    .to_owned();
    shared.requests.lock().unwrap().push(what.clone());
    shared.rights.lock().unwrap().insert(right(&request, &path));
    if let Some(version) = request.headers().get("if-match") {
        shared.versions.lock().unwrap().push(version.to_str().unwrap().to_owned());
    }
    let delay = *shared.delay.lock().unwrap();
    tokio::time::sleep(delay).await;
    let failed_with = {
        let mut failing = shared.failing.lock().unwrap();
        failing.seen += 1;
        failing.requests.contains(&failing.seen).then_some(failing.status)
    };
    let refusal = shared.refusal.lock().unwrap().clone();
    let refused_with = refusal.filter(|(refused, _)| is_meant(refused, &what)).map(|(_, it)| it);
    if let Some(status) = failed_with.or(refused_with) {
        let body = "<?xml version=\"1.0\"?><Error><Code>Refused</Code><Message>the test refuses this</Message></Error>";
        return (StatusCode::from_u16(status).unwrap(), body).into_response();
    }
    if let Some(listing) = shared.listing.lock().unwrap().clone().filter(|_| is_list) {
        return (StatusCode::OK, listing).into_response();
    }
    // The server's own name stands in its place.
    request.headers_mut().remove("host");
    *request.uri_mut() = format!("{}{path}", shared.server).parse::<Uri>().unwrap();
    let is_cut = shared.cut.lock().unwrap().as_ref().is_some_and(|cut| is_meant(cut, &what));
    match shared.client.request(request).await {
        Ok(response) if is_cut => cut_off(response.map(Body::new)).await,
        Ok(response) => response.map(Body::new).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// The action of IAM behind a request.
fn right(request: &Request, path: &str) -> &'static str {
    let method = request.method().as_str();
    let target = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok());
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    match (target, path) {
        (Some("AmazonSSM.GetParameter"), _) => return "ssm:GetParameter",
        (Some("secretsmanager.GetSecretValue"), _) => return "secretsmanager:GetSecretValue",
        (None, "/meetings") => return "chime:CreateMeeting",
        (None, path) if path.starts_with("/sip-media-applications/") => {
            return "chime:CreateSipMediaApplicationCall";
        }
        _ => {}
    }
    match method {
        "GET" if has("versions") => "s3:ListBucketVersions",
        "GET" if has("list-type") => "s3:ListBucket",
        "GET" if has("versionId") => "s3:GetObjectVersion",
        "GET" | "HEAD" => "s3:GetObject",
        "PUT" => "s3:PutObject",
        "DELETE" => "s3:DeleteObject",
        // Deletes many at once.
        "POST" if has("delete") => "s3:DeleteObject",
        _ => "unknown",
    }
}

/// Whether a request is for this: the very name, or a file of the folder.
fn is_meant(meant: &str, what: &str) -> bool {
    what == meant || (meant.ends_with('/') && what.starts_with(meant))
}

/// An answer that says how long it is and breaks off in its middle.
async fn cut_off(response: Response) -> Response {
    let (head, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let half: Result<_, std::io::Error> = Ok(whole.slice(..whole.len() / 2));
    let broken = Err(std::io::Error::other("the test breaks this off"));
    let body = Body::from_stream(futures_util::stream::iter([half, broken]));
    Response::from_parts(head, body)
}
