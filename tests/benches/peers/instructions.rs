//! Instructions in user space for one event: the same to the digit whatever else the machine does.
//!
//! Callgrind counts a run of 500 calls and one of 100; the difference is what 400 calls cost
//! without the start. A call's second event is what its first two cost, without the first.

use std::process::{Command, Stdio};

use crate::peer::Peer;
use crate::process::Process;
use crate::story::Template;

const MANY: usize = 500;
const FEW: usize = 100;

pub(crate) struct InstructionRow {
    pub(crate) peer: &'static str,
    pub(crate) step: &'static str,
    pub(crate) instructions: u64,
}

/// A row for each event of a compiled program. None where there is no valgrind.
pub(crate) fn measure(peers: &[Peer]) -> Vec<InstructionRow> {
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    if !valgrind.status().is_ok_and(|status| status.success()) {
        eprintln!("peers: there is no valgrind, so instructions are not counted");
        return Vec::new();
    }
    let mut rows = Vec::new();
    for peer in peers.iter().filter(|peer| peer.is_compiled()) {
        let mut before = 0;
        for (number, step) in peer.steps.iter().enumerate() {
            let of = |calls| count(peer, number + 1, calls);
            let so_far = (of(MANY) - of(FEW)) / (MANY - FEW) as u64;
            let instructions = so_far - before;
            rows.push(InstructionRow { peer: peer.name, step: step.name, instructions });
            before = so_far;
        }
    }
    rows
}

/// What a process costs in all that plays the first events of some calls.
fn count(peer: &Peer, steps: usize, calls: usize) -> u64 {
    let out = tempfile::NamedTempFile::new().unwrap();
    let under = ["valgrind", "--quiet", "--tool=callgrind", "--callgrind-out-file"];
    let mut under: Vec<_> = under.iter().map(ToString::to_string).collect();
    let file = under.pop().unwrap();
    under.push(format!("{file}={}", out.path().display()));
    let templates: Vec<_> = peer.steps.iter().take(steps).map(Template::read).collect();
    let mut process = Process::start(&mut peer.command(&under));
    for call in 0..calls {
        let mut answer = String::new();
        for template in &templates {
            answer = process.api.invoke(&template.event(call, &answer)).answer;
        }
    }
    process.api.wait_for_poll();
    process.terminate();
    let text = std::fs::read_to_string(out.path()).unwrap();
    let total = text.lines().rev().find_map(|line| line.strip_prefix("totals: "));
    total.unwrap_or_else(|| panic!("no totals in callgrind's file")).trim().parse().unwrap()
}
