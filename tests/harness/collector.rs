//! A collector of OpenTelemetry.

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

use crate::client::Client;
use crate::python_server::PythonServer;

/// A running collector: `tests/otlp_server.py` says what it takes.
pub struct Collector {
    /// Its URL.
    pub url: String,
    _server: PythonServer,
}

impl Collector {
    /// Starts one.
    pub fn start() -> Self {
        let server = PythonServer::start("otlp_server.py", &[]);
        Self { url: server.url(), _server: server }
    }

    /// What it has received so far: objects with `path`, `key` and `body`.
    pub fn received(&self) -> Vec<Value> {
        let request = Request::get(format!("{}/received", self.url)).body(Body::empty()).unwrap();
        let (status, received) = Client::new().ask(request);
        assert_eq!(status, 200, "{received}");
        received.as_array().unwrap().clone()
    }
}
