//! One warm event through the runtime: parsed, run, converted, printed.
//! `cargo bench --package moonring-runtime`

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its figures, and fails loudly"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use divan::Bencher;
use moonring_runtime::{Arrival, EmergencyReply, HardDeadline, Host, NoServices, Settings};
use moonring_store::Folder;

fn main() {
    divan::main();
}

/// A script of the examples and a recorded event.
const CASES: &[(&str, &str)] = &[
    ("greeter_handlers", "NEW_INBOUND_CALL-none-basic"),
    ("meeting", "NEW_INBOUND_CALL-none-basic"),
    ("meeting", "ACTION_SUCCESSFUL-PlayAudioAndGetDigits-digits"),
    ("meeting", "HANGUP-Hangup-lega-bridged"),
];

/// Scripts that give one answer in three ways: what their builders and checks cost is the
/// difference.
const ANSWERS: &[(&str, &str)] = &[
    ("nothing", "return { default = function() end }"),
    (
        "tables",
        "return { default = function()
          local _ = {
            { audio_source = { bucket_name = 'acme', key = 'welcome.wav' }, call_id = 'leg' },
            {
              audio_source = { bucket_name = 'acme', key = 'pin.wav' }, failure_audio_source = { bucket_name = 'acme', key = 'again.wav' },
              min_number_of_digits = 3, max_number_of_digits = 5, terminator_digits = { '#' }, tries = 3, repeat_duration_in_milliseconds = 10000, call_id = 'leg' },
          }
        end }",
    ),
    (
        "raw",
        "return { default = function()
          return {
            action.raw { Type = 'PlayAudio', Parameters = { AudioSource = { Type = 'S3', BucketName = 'acme', Key = 'welcome.wav' }, CallId = 'leg' } },
            action.raw { Type = 'PlayAudioAndGetDigits', Parameters = {
              AudioSource = { Type = 'S3', BucketName = 'acme', Key = 'pin.wav' }, FailureAudioSource = { Type = 'S3', BucketName = 'acme', Key = 'again.wav' },
              MinNumberOfDigits = 3, MaxNumberOfDigits = 5, TerminatorDigits = { '#' }, Repeat = 3, RepeatDurationInMilliseconds = 10000, CallId = 'leg' } },
          }
        end }",
    ),
    (
        "typed",
        "return { default = function()
          return {
            action.play_audio { audio_source = { bucket_name = 'acme', key = 'welcome.wav' }, call_id = 'leg' },
            action.play_audio_and_get_digits {
              audio_source = { bucket_name = 'acme', key = 'pin.wav' }, failure_audio_source = { bucket_name = 'acme', key = 'again.wav' },
              min_number_of_digits = 3, max_number_of_digits = 5, terminator_digits = { '#' }, tries = 3, repeat_duration_in_milliseconds = 10000, call_id = 'leg' },
          }
        end }",
    ),
];

#[divan::bench(args = 0..CASES.len(), sample_count = 1000, sample_size = 20)]
fn warm_event(bencher: Bencher, case: usize) {
    let (script, event) = CASES[case];
    measure(bencher, &project("scripts"), script, event);
}

#[divan::bench(args = ["nothing", "tables", "raw", "typed"], sample_count = 1000, sample_size = 20)]
fn answer_built(bencher: Bencher, how: &str) {
    let folder = std::env::temp_dir().join(format!("moonring-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in ANSWERS {
        std::fs::write(folder.join(format!("{name}.lua")), text).unwrap();
    }
    measure(bencher, &folder, how, "DIGITS_RECEIVED-ReceiveDigits-match");
    std::fs::remove_dir_all(&folder).unwrap();
}

fn measure(bencher: Bencher, scripts: &Path, script: &str, event: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // New calls must not look at the folder: that would measure the disk.
    let settings = Settings { refresh: Duration::from_secs(3600), ..Settings::default() };
    let host = Host::new(
        settings,
        Arc::new(Folder::as_it_stands(scripts)),
        Some(script),
        Box::new(NoServices),
    )
    .unwrap();
    assert!(runtime.block_on(host.prepare(Duration::from_secs(10))));
    let bytes = std::fs::read(project("tests/events").join(format!("{event}.json"))).unwrap();
    let answer = || {
        let at = Instant::now();
        let arrival = Arrival {
            at,
            clock: SystemTime::now(),
            hard: HardDeadline::new(at, None, None),
            emergency_reply: Box::new(Silence),
        };
        let outcome = runtime.block_on(host.answer(&bytes, arrival));
        assert!(outcome.error.is_none());
        outcome.answer.to_bytes()
    };
    println!("{script} {event}: {} bytes", answer().len());
    bencher.bench_local(answer);
}

/// Last words that nobody hears: nothing here is stuck.
struct Silence;

impl EmergencyReply for Silence {
    fn speak(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    fn end(self: Box<Self>) {}
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
