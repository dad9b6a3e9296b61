//! From the start of a process to its first answer.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::peer::Peer;
use crate::process::Process;
use crate::s3::S3;
use crate::story::Template;

/// How often each program starts in a round.
const STARTS: usize = 10;

/// How long a start takes: medians.
pub(crate) struct StartRow {
    pub(crate) name: String,
    /// Until the first event is asked for.
    pub(crate) poll_ms: f64,
    /// Until the first event is answered.
    pub(crate) answer_ms: f64,
}

/// A way to start.
struct Start<'a> {
    name: String,
    command: Box<dyn Fn() -> Command + 'a>,
    poll: Vec<Duration>,
    answer: Vec<Duration>,
}

pub(crate) fn measure(peers: &[Peer], rounds: usize) -> Vec<StartRow> {
    let s3 = S3::start(peers.iter().find_map(Peer::scripts).unwrap());
    let mut starts = Vec::new();
    for peer in peers.iter().filter(|peer| peer.steps.len() == 1) {
        let from = if peer.scripts().is_some() { ", scripts from a folder" } else { "" };
        starts.push(Start::new(format!("{}{from}", peer.name), || peer.command(&[])));
        if peer.scripts().is_some() {
            let (endpoint, location) = (s3.endpoint(), s3.location());
            let command = move || {
                let mut command = peer.command(&[]);
                command.env("MOONRING_SCRIPTS", &location).env("AWS_ENDPOINT_URL", &endpoint);
                command
            };
            starts.push(Start::new(format!("{}, scripts from an S3 server", peer.name), command));
        }
    }
    let event = Template::read(&peers[0].steps[0]).event(1, "");
    for _ in 0..rounds {
        for start in &mut starts {
            (0..STARTS).for_each(|_| start.once(&event));
        }
    }
    starts.into_iter().map(Start::row).collect()
}

impl<'a> Start<'a> {
    fn new(name: String, command: impl Fn() -> Command + 'a) -> Self {
        Self { name, command: Box::new(command), poll: Vec::new(), answer: Vec::new() }
    }

    fn once(&mut self, event: &[u8]) {
        let started = Instant::now();
        let mut process = Process::start(&mut (self.command)());
        process.api.wait_for_poll();
        self.poll.push(started.elapsed());
        let answer = process.api.invoke(event).answer;
        self.answer.push(started.elapsed());
        assert!(answer.contains("This is a test call"), "{}: {answer}", self.name);
    }

    fn row(mut self) -> StartRow {
        let middle = |times: &mut Vec<Duration>| {
            times.sort();
            times[times.len() / 2].as_secs_f64() * 1000.0
        };
        StartRow {
            name: self.name,
            poll_ms: middle(&mut self.poll),
            answer_ms: middle(&mut self.answer),
        }
    }
}
