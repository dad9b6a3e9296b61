//! The simulator as a server: the built `moonring serve`, spoken to over HTTP.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::client::Client;
use crate::{moonring, project};

/// A running simulator.
pub struct Simulator {
    /// Where it listens, as a URL.
    pub endpoint: String,
    child: Child,
    client: Client,
    shown: Arc<Mutex<String>>,
}

impl Simulator {
    /// Starts the simulator on a free port.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[])
    }

    /// The same, with these settings in its environment.
    pub fn start_with(arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        Self::spawn(&project("."), arguments, settings)
    }

    /// The same in another folder.
    pub fn start_in(folder: &Path, arguments: &[&str]) -> Self {
        Self::spawn(folder, arguments, &[])
    }

    fn spawn(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(moonring());
        command.args(["serve", "--port", "0"]).args(arguments).current_dir(folder).env_clear();
        command
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(settings.iter().copied());
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let endpoint = line
            .split([' ', ';'])
            .find(|word| word.starts_with("http://"))
            .unwrap_or_else(|| panic!("{line}: it does not start"));
        let endpoint = endpoint.to_owned();
        // What it shows is read, so that it never waits for a reader.
        let shown = Arc::new(Mutex::new(line));
        let errors = BufReader::new(child.stderr.take().unwrap());
        let (one, other) = (Arc::clone(&shown), Arc::clone(&shown));
        let keep = |shown: Arc<Mutex<String>>| {
            move |line: std::io::Result<String>| {
                let line = line.unwrap_or_default();
                shown.lock().unwrap().push_str(&format!("{line}\n"));
            }
        };
        std::thread::spawn(move || lines.lines().for_each(keep(one)));
        std::thread::spawn(move || errors.lines().for_each(keep(other)));
        Self { endpoint, child, client: Client::new(), shown }
    }

    /// All that it has shown so far, on both streams.
    pub fn shown(&self) -> String {
        self.shown.lock().unwrap().clone()
    }

    /// Sends a request; the status and the body, null if there is none.
    pub fn ask(&self, method: &str, path: &str, body: impl Into<axum::body::Body>) -> (u16, Value) {
        let uri = format!("{}{path}", self.endpoint);
        let request =
            axum::http::Request::builder().method(method).uri(uri).body(body.into()).unwrap();
        self.client.ask(request)
    }

    /// The body of a reply as it came.
    pub fn bytes(&self, path: &str) -> Vec<u8> {
        let uri = format!("{}{path}", self.endpoint);
        let request = axum::http::Request::builder().uri(uri).body(axum::body::Body::empty());
        self.client.bytes(request.unwrap())
    }

    /// A call, once it is over.
    pub fn call(&self, id: &str) -> Value {
        let last = std::cell::RefCell::new(Value::Null);
        // Where it does not end, how far it came is what matters.
        let what = || format!("the call is over: {:#}", last.borrow()["Story"]);
        crate::until_or(what, || {
            let (_, call) = self.ask("GET", &format!("/moonring/calls/{id}"), "");
            last.replace(call.clone());
            (call["Over"] == true).then_some(call)
        })
    }

    /// Stops the server as a service manager would; its exit code, once it has ended.
    pub fn stop(&mut self) -> Option<i32> {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    /// Kills the process, as a machine that goes down would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
