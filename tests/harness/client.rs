//! Plain HTTP, for what a test asks a server itself.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client as Sender;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// A client of servers without TLS.
pub(crate) struct Client {
    sender: Sender<HttpConnector, Body>,
    runtime: tokio::runtime::Runtime,
}

impl Client {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { sender: Sender::builder(TokioExecutor::new()).build_http(), runtime }
    }

    /// Sends a request; the status and the body, null where it is no JSON.
    pub(crate) fn ask(&self, request: Request<Body>) -> (u16, Value) {
        let (status, body) = self.reply(request);
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Sends a request; the body as it comes.
    pub(crate) fn bytes(&self, request: Request<Body>) -> Vec<u8> {
        self.reply(request).1
    }

    fn reply(&self, request: Request<Body>) -> (u16, Vec<u8>) {
        self.runtime.block_on(async {
            let response = self.sender.request(request).await.unwrap();
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            (status, body.to_vec())
        })
    }
}
