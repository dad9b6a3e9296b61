//! One instance of a program that speaks the Lambda Runtime API: its process, and the desk at which
//! it asks for events.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use moonring_exchange::Outcome;
use moonring_sim::Invocation;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::{Notify, oneshot};

use super::functions::answer_of;
use super::guard::{Guard, guard};
use crate::printer::{Printer, printable};

/// The largest answer: what Lambda takes.
const ANSWER: usize = 6 * 1024 * 1024;
/// How long the function may take, as Lambda is told.
pub(super) const TIMEOUT: Duration = Duration::from_secs(20);

/// A process, and the events it is to answer. It is killed when this is dropped.
pub(super) struct Instance {
    desk: Arc<Desk>,
    process: tokio::task::JoinHandle<()>,
    server: tokio::task::JoinHandle<()>,
}

/// Events that wait for the program, and answers that are awaited of it.
#[derive(Default)]
struct Desk {
    waiting: Mutex<VecDeque<Job>>,
    /// What the program has taken, and not answered yet.
    taken: Mutex<Vec<(String, oneshot::Sender<Outcome>)>>,
    arrived: Notify,
    /// How the program has ended, once it has.
    ended: Mutex<Option<String>>,
}

/// One event.
struct Job {
    id: String,
    event: Vec<u8>,
    arn: String,
    answer: oneshot::Sender<Outcome>,
}

/// Shows what a program writes, each line with the name of its function.
async fn show_lines(stream: impl AsyncRead + Unpin, name: String, printer: Printer) {
    let mut lines = BufReader::new(stream).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let text = String::from_utf8_lossy(&line);
        // Some runtimes keep the lines of a traceback together with carriage returns.
        for part in text.trim_end().split('\r') {
            printer.talk(&format!("{name}: {}", printable(part)));
        }
    }
}

impl Instance {
    /// Starts a process: the words of a command line, without quotes.
    pub(super) async fn start(name: &str, command: &str, printer: Printer) -> anyhow::Result<Self> {
        let mut words = command.split_whitespace();
        let program = words
            .next()
            .context("there is no program after `run:`; wanted run:PROGRAM ARGUMENTS")?;
        let desk = Arc::new(Desk::default());
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("cannot open a port for the Lambda Runtime API")?;
        let address = listener.local_addr()?;
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .layer(DefaultBodyLimit::max(ANSWER))
            .with_state(Arc::clone(&desk))
            .layer(from_fn_with_state(Guard::of_loopback(address.port()), guard));
        let server = tokio::spawn(async move { drop(axum::serve(listener, routes).await) });
        let mut process = Command::new(program);
        process
            .args(words)
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")
            // As where a function's files cannot be written.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            // In Lambda both are the log.
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // Ctrl-C is for the server: it ends its programs itself.
        #[cfg(unix)]
        process.process_group(0);
        let mut child = process.spawn().with_context(|| format!("cannot start {program}"))?;
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(show_lines(stdout, name.to_owned(), printer));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(show_lines(stderr, name.to_owned(), printer));
        }
        let (watched, named) = (Arc::clone(&desk), name.to_owned());
        let process = tokio::spawn(async move {
            let how = match child.wait().await {
                Ok(status) => format!("the program has ended: {status}"),
                Err(error) => format!("the program cannot be watched any longer: {error}"),
            };
            printer.warning(&format!("{named}: {how}; the next event starts it again"));
            watched.end(how);
        });
        Ok(Self { desk, process, server })
    }

    /// Whether the process is there no more.
    pub(super) fn has_ended(&self) -> bool {
        lock(&self.desk.ended).is_some()
    }

    /// Gives the program an event, and waits for its answer.
    pub(super) async fn invoke(&self, invocation: &Invocation) -> Outcome {
        let (answer, answered) = oneshot::channel();
        let id = format!(
            "{}-{}",
            invocation.event["CallDetails"]["TransactionId"].as_str().unwrap_or("call"),
            invocation.attempt
        );
        let event = invocation.event.to_string().into_bytes();
        let arn = invocation.application.lambda_arn.clone();
        {
            // Asked while nobody can clear the queue: an event is either cleared from it, or never
            // in it.
            let mut waiting = lock(&self.desk.waiting);
            if let Some(how) = lock(&self.desk.ended).clone() {
                return Outcome::Failed(how);
            }
            waiting.push_back(Job { id, event, arn, answer });
        }
        self.desk.arrived.notify_one();
        match tokio::time::timeout(TIMEOUT, answered).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Outcome::Failed("the event was dropped".to_owned()),
            Err(_) => Outcome::Silence,
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // With its task the child is dropped, and killed.
        self.process.abort();
        self.server.abort();
    }
}

impl Desk {
    /// The program has ended: nothing is answered any more.
    fn end(&self, how: String) {
        *lock(&self.ended) = Some(how.clone());
        let waiting = lock(&self.waiting).drain(..).map(|job| job.answer).collect::<Vec<_>>();
        let taken = lock(&self.taken).drain(..).map(|(_, answer)| answer).collect::<Vec<_>>();
        for answer in waiting.into_iter().chain(taken) {
            let _ = answer.send(Outcome::Failed(how.clone()));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn next(State(desk): State<Arc<Desk>>) -> (HeaderMap, Vec<u8>) {
    let job = loop {
        let job = {
            let mut waiting = lock(&desk.waiting);
            // What nobody waits for any more is not to be done.
            waiting.retain(|job| !job.answer.is_closed());
            waiting.pop_front()
        };
        if let Some(job) = job {
            // More may wait: another worker of the program is to look too.
            desk.arrived.notify_one();
            break job;
        }
        desk.arrived.notified().await;
    };
    let deadline = SystemTime::now() + TIMEOUT;
    let deadline = deadline.duration_since(UNIX_EPOCH).map_or(0, |at| at.as_millis()).to_string();
    let mut headers = HeaderMap::new();
    for (name, text) in [
        ("lambda-runtime-aws-request-id", job.id.as_str()),
        ("lambda-runtime-deadline-ms", deadline.as_str()),
        ("lambda-runtime-invoked-function-arn", job.arn.as_str()),
        ("content-type", "application/json"),
    ] {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(text)) {
            headers.insert(name, value);
        }
    }
    let Job { id, event, answer, .. } = job;
    let mut taken = lock(&desk.taken);
    taken.retain(|(_, answer)| !answer.is_closed());
    taken.push((id, answer));
    drop(taken);
    (headers, event)
}

fn conclude(desk: &Desk, id: &str, outcome: Outcome) -> StatusCode {
    let mut taken = lock(&desk.taken);
    let Some(at) = taken.iter().position(|(known, _)| known == id) else {
        return StatusCode::BAD_REQUEST;
    };
    let (_, answer) = taken.swap_remove(at);
    // Whoever waited may have given up.
    let _ = answer.send(outcome);
    StatusCode::ACCEPTED
}

async fn response(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> StatusCode {
    let outcome = match body {
        Ok(body) => answer_of(&body),
        Err(_) => {
            Outcome::Failed(format!("the answer has more than {ANSWER} bytes, or was cut off"))
        }
    };
    conclude(&desk, &id, outcome)
}

async fn error(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    let text = String::from_utf8_lossy(&body).chars().take(300).collect::<String>();
    conclude(&desk, &id, Outcome::Failed(format!("the function failed: {text}")))
}

/// The program cannot start; it will end by itself.
async fn init_error(State(desk): State<Arc<Desk>>, body: Bytes) -> StatusCode {
    let text = String::from_utf8_lossy(&body).chars().take(300).collect::<String>();
    for job in lock(&desk.waiting).drain(..) {
        let _ = job.answer.send(Outcome::Failed(format!("the function failed to start: {text}")));
    }
    StatusCode::ACCEPTED
}
