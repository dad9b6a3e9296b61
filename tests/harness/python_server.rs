//! A server in Python that a test starts. It says in its first line where it listens.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::programs::python;
use crate::project;

/// A running server, which is stopped where this is dropped.
pub(crate) struct PythonServer {
    /// Its first line.
    pub(crate) said: String,
    process: Child,
}

impl PythonServer {
    /// Starts a script of the folder `tests`.
    pub(crate) fn start(script: &str, environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(python());
        command
            .arg(project("tests").join(script))
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        Self { said: said.trim().to_owned(), process }
    }

    /// Its URL, where it says its port.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.said)
    }
}

impl Drop for PythonServer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
