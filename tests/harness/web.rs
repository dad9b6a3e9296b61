//! A web server with a certificate of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::programs::python;
use crate::project;

/// A running server: `tests/web_server.py` says what it answers.
pub struct Web {
    /// Its port on this machine.
    pub port: u16,
    /// The file of its certificate.
    pub certificate: String,
    server: Child,
}

impl Web {
    /// Starts one.
    pub fn start() -> Self {
        let mut command = Command::new(python());
        command
            .arg(project("tests/web_server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (port, certificate) = line.trim().split_once(' ').unwrap();
        Self { port: port.parse().unwrap(), certificate: certificate.to_owned(), server }
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
        let _ = std::fs::remove_file(&self.certificate);
    }
}
