//! A Lambda Runtime API: hands out events, takes answers, as the public protocol has it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::mpsc as queue;

/// What a function said of an invocation.
#[derive(Debug)]
pub enum Said {
    Response(Bytes),
    Error(Bytes),
}

/// The server, on a free port of this machine.
pub struct RuntimeApi {
    pub address: SocketAddr,
    events: queue::UnboundedSender<Invocation>,
    init_error: Arc<Mutex<Option<Bytes>>>,
    runtime: tokio::runtime::Runtime,
}

struct Invocation {
    event: Bytes,
    deadline: Duration,
    answer: mpsc::Sender<(Said, Instant)>,
}

struct Shared {
    events: tokio::sync::Mutex<queue::UnboundedReceiver<Invocation>>,
    pending: Mutex<HashMap<String, mpsc::Sender<(Said, Instant)>>>,
    init_error: Arc<Mutex<Option<Bytes>>>,
}

impl RuntimeApi {
    pub fn start() -> Self {
        let (events, receiver) = queue::unbounded_channel();
        let init_error = Arc::new(Mutex::new(None));
        let shared = Arc::new(Shared {
            events: tokio::sync::Mutex::new(receiver),
            pending: Mutex::default(),
            init_error: Arc::clone(&init_error),
        });
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{request}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{request}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init))
            .with_state(shared);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async { axum::serve(listener, routes).await.unwrap() });
        Self { address, events, init_error, runtime }
    }

    /// Hands out an event; what is said of it, and when, comes over the receiver.
    pub fn invoke(&self, event: Bytes, deadline: Duration) -> mpsc::Receiver<(Said, Instant)> {
        let (answer, receiver) = mpsc::channel();
        self.events
            .send(Invocation { event, deadline, answer })
            .unwrap_or_else(|_| panic!("the Runtime API has ended"));
        receiver
    }

    pub fn init_error(&self) -> Option<Bytes> {
        self.init_error.lock().unwrap().clone()
    }

    pub fn stop(self) {
        self.runtime.shutdown_background();
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let Some(invocation) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let request = format!("request-{:?}", Instant::now())
        .replace(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-', "");
    shared.pending.lock().unwrap().insert(request.clone(), invocation.answer);
    let end =
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + invocation.deadline;
    let headers = [
        ("lambda-runtime-aws-request-id", request),
        ("lambda-runtime-deadline-ms", end.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:111122223333:function:calls".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, invocation.event).into_response()
}

async fn response(
    State(shared): State<Arc<Shared>>,
    Path(request): Path<String>,
    body: Bytes,
) -> StatusCode {
    take(&shared, &request, Said::Response(body))
}

async fn error(
    State(shared): State<Arc<Shared>>,
    Path(request): Path<String>,
    body: Bytes,
) -> StatusCode {
    take(&shared, &request, Said::Error(body))
}

fn take(shared: &Shared, request: &str, said: Said) -> StatusCode {
    match shared.pending.lock().unwrap().remove(request) {
        Some(answer) => {
            // A test that no longer waits has seen enough.
            let _ = answer.send((said, Instant::now()));
            StatusCode::ACCEPTED
        }
        None => StatusCode::BAD_REQUEST,
    }
}

async fn init(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    *shared.init_error.lock().unwrap() = Some(body);
    StatusCode::ACCEPTED
}
