//! Events of calls one after the other, each call another one, in processes that have seen many.

use std::time::Duration;

use crate::peer::Peer;
use crate::process::Process;
use crate::story::Template;

/// How many calls are in progress at a time: the same event of all of them is played in a row, so
/// that its time on the processor can be told from that of the next.
const BLOCK: usize = 50;
/// How many calls each program plays before anything counts.
const WARM_UP: usize = 300;

/// What one event costs.
pub(crate) struct WarmRow {
    pub(crate) peer: &'static str,
    pub(crate) step: &'static str,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) cpu_us: f64,
}

pub(crate) struct Peak {
    pub(crate) peer: &'static str,
    pub(crate) mib: f64,
}

pub(crate) struct Warm {
    pub(crate) rows: Vec<WarmRow>,
    /// The most memory that each program has had at the end.
    pub(crate) peaks: Vec<Peak>,
}

/// A program that plays.
struct Player<'a> {
    peer: &'a Peer,
    process: Process,
    steps: Vec<Played>,
    /// How many calls it has had.
    calls: usize,
}

/// One event of its calls.
struct Played {
    template: Template,
    took: Vec<Duration>,
    cpu: Duration,
}

pub(crate) fn measure(peers: &[Peer], rounds: usize, calls: usize) -> Warm {
    let mut players: Vec<_> = peers.iter().map(Player::new).collect();
    for player in &mut players {
        player.play(WARM_UP);
        player.forget();
    }
    for _ in 0..rounds {
        players.iter_mut().for_each(|player| player.play(calls));
    }
    let peaks = players
        .iter()
        .map(|player| Peak {
            peer: player.peer.name,
            mib: player.process.peak_kib() as f64 / 1024.0,
        })
        .collect();
    Warm { rows: players.iter_mut().flat_map(Player::rows).collect(), peaks }
}

impl<'a> Player<'a> {
    fn new(peer: &'a Peer) -> Self {
        let steps = peer.steps.iter().map(|step| Played {
            template: Template::read(step),
            took: Vec::new(),
            cpu: Duration::ZERO,
        });
        let process = Process::start(&mut peer.command(&[]));
        Self { peer, process, steps: steps.collect(), calls: 0 }
    }

    fn play(&mut self, calls: usize) {
        for first in (self.calls..self.calls + calls).step_by(BLOCK) {
            let mut answers = vec![String::new(); BLOCK.min(self.calls + calls - first)];
            for (step, wanted) in self.steps.iter_mut().zip(&self.peer.steps) {
                let events: Vec<_> = answers
                    .iter()
                    .enumerate()
                    .map(|(number, before)| step.template.event(first + number, before))
                    .collect();
                self.process.api.wait_for_poll();
                let before = self.process.threads();
                for (event, answer) in events.iter().zip(&mut answers) {
                    let answered = self.process.api.invoke(event);
                    step.took.push(answered.took);
                    *answer = answered.answer;
                }
                // What comes behind an answer, its line in the log among it, is over with the next
                // poll.
                self.process.api.wait_for_poll();
                step.cpu += self.process.threads().since(&before);
                let wrong = answers.iter().find(|answer| !answer.contains(wanted.answer));
                assert_eq!(wrong, None, "{}, {}", self.peer.name, wanted.name);
            }
        }
        self.calls += calls;
    }

    /// Forgets what was measured so far.
    fn forget(&mut self) {
        for step in &mut self.steps {
            step.took.clear();
            step.cpu = Duration::ZERO;
        }
    }

    fn rows(&mut self) -> Vec<WarmRow> {
        let micros = |time: Duration| time.as_nanos() as f64 / 1000.0;
        let steps = self.steps.iter_mut().zip(&self.peer.steps);
        steps
            .map(|(played, step)| {
                played.took.sort();
                let count = played.took.len();
                WarmRow {
                    peer: self.peer.name,
                    step: step.name,
                    p50_us: micros(played.took[count / 2]),
                    p99_us: micros(played.took[count * 99 / 100]),
                    cpu_us: micros(played.cpu) / count as f64,
                }
            })
            .collect()
    }
}
