//! A web server with a certificate of its own.

use crate::python_server::PythonServer;

/// A running server: `tests/web_server.py` says what it answers.
pub struct Web {
    /// Its port on this machine.
    pub port: u16,
    /// The file of its certificate.
    pub certificate: String,
    _server: PythonServer,
}

impl Web {
    /// Starts one.
    pub fn start() -> Self {
        let server = PythonServer::start("web_server.py", &[]);
        let (port, certificate) = server.said.split_once(' ').unwrap();
        let (port, certificate) = (port.parse().unwrap(), certificate.to_owned());
        Self { port, certificate, _server: server }
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.certificate);
    }
}
