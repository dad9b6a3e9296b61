//! A running function, and what the system knows of it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::api::Api;

pub(crate) struct Process {
    pub(crate) api: Api,
    child: Child,
}

/// The time that threads have had of a processor.
pub(crate) struct Threads(HashMap<OsString, Duration>);

impl Threads {
    /// What they have had since an earlier look. Those that have ended in between do not count.
    pub(crate) fn since(&self, earlier: &Self) -> Duration {
        let before = |thread| earlier.0.get(thread).copied().unwrap_or_default();
        self.0.iter().map(|(thread, time)| *time - before(thread)).sum()
    }
}

impl Process {
    /// Starts a function whose command knows everything but where the Runtime API is. Its log goes
    /// to a file, as it goes to a pipe in production: every line is written.
    pub(crate) fn start(command: &mut Command) -> Self {
        let api = Api::start();
        let log = tempfile::tempfile().unwrap();
        let child = command
            .env("AWS_LAMBDA_RUNTIME_API", api.address().to_string())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self { api, child }
    }

    /// The time that each of its threads has had of a processor so far.
    pub(crate) fn threads(&self) -> Threads {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let times = tasks.filter_map(Result::ok).filter_map(|task| {
            let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            let nanos = text.split_whitespace().next()?.parse().ok()?;
            Some((task.file_name(), Duration::from_nanos(nanos)))
        });
        Threads(times.collect())
    }

    /// The most memory it has had, in KiB.
    pub(crate) fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Ends it as Lambda does.
    pub(crate) fn terminate(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
