//! The deployed host as a running function: the built `bootstrap`, a Runtime API before it, its log
//! lines behind it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use serde_json::Value;

use crate::bootstrap;
use crate::runtime_api::{RuntimeApi, Said};

/// What Lambda tells every function, but for where the Runtime API is.
pub const FUNCTION_VARIABLES: [(&str, &str); 6] = [
    ("AWS_LAMBDA_FUNCTION_NAME", "calls"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
];

/// A running function.
pub struct Function {
    api: Option<RuntimeApi>,
    child: Child,
    log: Arc<Mutex<Vec<Value>>>,
    reader: Option<JoinHandle<()>>,
    /// How many events were answered: each has a line, which may come a little after the answer.
    answered: AtomicUsize,
}

/// What a function answered.
#[derive(Debug)]
pub struct Reply {
    /// The answer.
    pub answer: Value,
    /// From the event's hand-over to the answer's arrival.
    pub took: Duration,
}

impl Function {
    /// Starts the host with these settings and nothing else in its environment but what Lambda puts
    /// there.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        Self::run(Command::new(bootstrap()), settings)
    }

    /// Starts the host as a function with so much memory: what it asks for beyond that it does not
    /// get.
    pub fn start_within(mib: u64, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new("/usr/bin/prlimit");
        command.arg(format!("--data={}", mib * 1024 * 1024)).arg(bootstrap());
        Self::run(command, settings)
    }

    fn run(mut command: Command, settings: &[(&str, &str)]) -> Self {
        let api = RuntimeApi::start();
        command
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .envs(FUNCTION_VARIABLES)
            .env("AWS_LAMBDA_RUNTIME_API", api.address.to_string())
            // The function is as old as its first event only where a test says so.
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency");
        let mut child = command.envs(settings.iter().copied()).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let sink = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let line = serde_json::from_str(&line)
                    .unwrap_or_else(|error| panic!("no JSON line: {line}: {error}"));
                sink.lock().unwrap().push(line);
            }
        });
        Self { api: Some(api), child, log, reader: Some(reader), answered: AtomicUsize::new(0) }
    }

    /// Sends an event and waits for its answer.
    pub fn invoke(&self, event: &Value) -> Reply {
        self.invoke_within(event.to_string(), Duration::from_secs(60))
    }

    /// Sends any text as an event, in an invocation that Lambda would end after `deadline`.
    pub fn invoke_within(&self, event: impl Into<Bytes>, deadline: Duration) -> Reply {
        let sent = Instant::now();
        let answer = self.api().invoke(event.into(), deadline);
        match answer.recv_timeout(Duration::from_secs(30)) {
            Ok((Said::Response(body), at)) => {
                self.answered.fetch_add(1, Ordering::SeqCst);
                let answer = serde_json::from_slice(&body)
                    .unwrap_or_else(|error| panic!("{error}: {body:?}"));
                Reply { answer, took: at - sent }
            }
            Ok((Said::Error(body), _)) => {
                panic!("the function failed: {}", String::from_utf8_lossy(&body))
            }
            Err(_) => panic!(
                "no answer within 30 s; {}; last lines: {:#?}",
                self.state(),
                self.last_lines()
            ),
        }
    }

    /// The same, of a function that writes no lines of its events.
    pub fn invoke_quietly(&self, event: &Value) -> Value {
        let answer = self.api().invoke(event.to_string().into(), Duration::from_secs(60));
        match answer.recv_timeout(Duration::from_secs(30)) {
            Ok((Said::Response(body), _)) => serde_json::from_slice(&body).unwrap(),
            other => panic!("wanted an answer, got {other:?}"),
        }
    }

    /// Sends an event that the function should refuse to answer; what it told Lambda.
    pub fn invoke_to_fail(&self, event: &Value) -> Value {
        let answer = self.api().invoke(event.to_string().into(), Duration::from_secs(60));
        match answer.recv_timeout(Duration::from_secs(30)) {
            Ok((Said::Error(body), _)) => serde_json::from_slice(&body).unwrap(),
            other => panic!("wanted a failure, got {other:?}"),
        }
    }

    /// The log lines so far, those of every answered event among them.
    pub fn log(&self) -> Vec<Value> {
        let answered = self.answered.load(Ordering::SeqCst);
        crate::until("the lines of all events", || {
            let lines = self.lines();
            (lines.iter().filter(|line| line["message"] == "event").count() >= answered)
                .then_some(lines)
        })
    }

    /// The log lines that have come so far, whatever they are.
    pub fn lines(&self) -> Vec<Value> {
        self.log.lock().unwrap().clone()
    }

    /// The lines about events so far.
    pub fn event_lines(&self) -> Vec<Value> {
        self.log().into_iter().filter(|line| line["message"] == "event").collect()
    }

    /// The first line whose message begins like this; waits for it.
    pub fn log_line(&self, message: &str) -> Value {
        let is_it =
            |line: &Value| line["message"].as_str().is_some_and(|text| text.starts_with(message));
        crate::until(message, || self.lines().into_iter().find(is_it))
    }

    /// How much memory the process has in use, in bytes.
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// What the function told Lambda about why it cannot start.
    pub fn init_error(&self) -> Option<Value> {
        self.api().init_error().map(|body| serde_json::from_slice(&body).unwrap())
    }

    /// Waits for the process to end by itself.
    pub fn wait(&mut self) -> ExitStatus {
        let status = crate::until("the process ends", || self.child.try_wait().unwrap());
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        status
    }

    /// Whether the process lives, has ended (by which signal), or waits, and for what: to be read
    /// where an answer did not come.
    fn state(&self) -> String {
        match std::fs::read_to_string(format!("/proc/{}/status", self.child.id())) {
            Ok(status) => status
                .lines()
                .filter(|line| {
                    ["State:", "VmData:", "VmRSS:", "Threads:"]
                        .iter()
                        .any(|name| line.starts_with(name))
                })
                .collect::<Vec<_>>()
                .join(", "),
            Err(error) => format!("the process is gone: {error}"),
        }
    }

    fn last_lines(&self) -> Vec<Value> {
        let mut lines = self.lines();
        lines.split_off(lines.len().saturating_sub(3))
    }

    fn api(&self) -> &RuntimeApi {
        self.api.as_ref().unwrap()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(api) = self.api.take() {
            api.stop();
        }
    }
}
