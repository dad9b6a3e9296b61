//! One warm event through the runtime: parsed, run, converted, printed. `cargo bench --package moonring-runtime`

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its figures, and fails loudly"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use divan::Bencher;
use moonring_runtime::{Arrival, HardDeadline, Host, LastWords, NoServices, Settings};
use moonring_store::Folder;

fn main() {
    divan::main();
}

/// A script of the examples and a recorded event.
const CASES: &[(&str, &str)] = &[
    ("greeter", "NEW_INBOUND_CALL-none-basic"),
    ("meeting", "NEW_INBOUND_CALL-none-basic"),
    ("meeting", "ACTION_SUCCESSFUL-PlayAudioAndGetDigits-digits"),
    ("meeting", "HANGUP-Hangup-lega-bridged"),
];

#[divan::bench(args = 0..CASES.len(), sample_count = 1000, sample_size = 20)]
fn warm_event(bencher: Bencher, case: usize) {
    let (script, event) = CASES[case];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // New calls must not look at the folder: that would measure the disk.
    let settings = Settings { refresh: Duration::from_secs(3600), ..Settings::default() };
    let host =
        Host::new(settings, Arc::new(Folder::as_it_stands(project("scripts"))), Some(script), Box::new(NoServices))
            .unwrap();
    assert!(runtime.block_on(host.prepare(Duration::from_secs(10))));
    let bytes = std::fs::read(project("tests/events").join(format!("{event}.json"))).unwrap();
    let answer = || {
        let at = Instant::now();
        let arrival = Arrival { at, hard: HardDeadline::new(at, None, None), last_words: Box::new(Silence) };
        let outcome = runtime.block_on(host.answer(&bytes, arrival));
        assert!(outcome.error.is_none());
        outcome.answer.to_bytes()
    };
    println!("{script} {event}: {} bytes", answer().len());
    bencher.bench_local(answer);
}

/// Last words that nobody hears: nothing here is stuck.
struct Silence;

impl LastWords for Silence {
    fn speak(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    fn end(self: Box<Self>) {}
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
