//! The Lambda Runtime API, spoken to by hand for when nothing else of the host can be relied on.

use std::io::{Error, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use moonring_runtime::EmergencyReply;

/// How long each step of the API, a process on the same machine, may take.
const PATIENCE: Duration = Duration::from_millis(250);

/// Where the API listens.
pub(crate) struct RuntimeApi(String);

impl RuntimeApi {
    /// The API of this process; `None` outside Lambda.
    pub(crate) fn from_env() -> Option<Self> {
        std::env::var("AWS_LAMBDA_RUNTIME_API").ok().map(Self)
    }

    /// Says why the process cannot start. Where that cannot be said, the log has said it.
    pub(crate) fn init_error(&self, text: &str) {
        let body = serde_json::json!({ "errorType": "Moonring.Start", "errorMessage": text, "stackTrace": [] });
        let _ = self.post("init/error", body.to_string().as_bytes());
    }

    fn post(&self, path: &str, body: &[u8]) -> Result<(), Error> {
        let address = self
            .0
            .to_socket_addrs()?
            .next()
            .ok_or_else(|| Error::other("AWS_LAMBDA_RUNTIME_API has no address"))?;
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let head = format!(
            "POST /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.0,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        // The answer has been taken once the API says so; before that the process may not end.
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        let status = String::from_utf8_lossy(&status);
        if status.ends_with("202") {
            Ok(())
        } else {
            Err(Error::other(format!("the Lambda Runtime API answered {status}")))
        }
    }
}

/// The answer to an invocation whose script is stuck.
pub(crate) struct Response {
    pub(crate) request: String,
}

impl EmergencyReply for Response {
    fn speak(&mut self, answer: &[u8]) -> Result<(), String> {
        let api = RuntimeApi::from_env().ok_or("AWS_LAMBDA_RUNTIME_API is not set")?;
        api.post(&format!("invocation/{}/response", self.request), answer)
            .map_err(|error| error.to_string())
    }

    fn end(self: Box<Self>) {
        std::process::exit(1);
    }
}
