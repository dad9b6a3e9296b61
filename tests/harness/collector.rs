//! A collector of OpenTelemetry.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

use crate::client::Client;
use crate::programs::python;
use crate::project;

/// A running collector: `tests/otlp_server.py` says what it takes.
pub struct Collector {
    /// Its URL.
    pub url: String,
    server: Child,
}

impl Collector {
    /// Starts one.
    pub fn start() -> Self {
        let mut command = Command::new(python());
        command
            .arg(project("tests/otlp_server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { url: format!("http://127.0.0.1:{}", line.trim()), server }
    }

    /// What it has received so far: objects with `path`, `key` and `body`.
    pub fn received(&self) -> Vec<Value> {
        let request = Request::get(format!("{}/received", self.url)).body(Body::empty()).unwrap();
        let (status, received) = Client::new().ask(request);
        assert_eq!(status, 200, "{received}");
        received.as_array().unwrap().clone()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}
