//! The Lambda Runtime API, spoken to by hand: for the moments in which nothing else of the host can be relied on.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// How long the API, a process on the same machine, may take.
const PATIENCE: Duration = Duration::from_millis(250);

/// Where the API listens.
pub(crate) struct RuntimeApi {
    address: String,
}

impl RuntimeApi {
    /// The API of this process; `None` outside Lambda.
    pub(crate) fn from_env() -> Option<Self> {
        std::env::var("AWS_LAMBDA_RUNTIME_API").ok().map(|address| Self { address })
    }

    /// Answers an invocation.
    pub(crate) fn respond(&self, request: &str, answer: &[u8]) {
        // Nobody is left to be told of a failure: the service sends the event again.
        let _ = self.post(&format!("invocation/{request}/response"), answer);
    }

    /// Says why the process cannot start.
    pub(crate) fn init_error(&self, text: &str) {
        let body = serde_json::json!({ "errorType": "Moonring.Start", "errorMessage": text, "stackTrace": [] });
        let _ = self.post("init/error", body.to_string().as_bytes());
    }

    fn post(&self, path: &str, body: &[u8]) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let head = format!(
            "POST /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        // The answer has been taken once the API says so; before that the process may not end.
        stream.read_exact(&mut [0; 12])
    }
}
