//! The walk through scripts/office.lua, as `moonring explore` does it.
//! `cargo bench --package moonring-explore`

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its figures, and fails loudly"
)]

use std::path::Path;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use moonring_explore::{Budget, Direction, Plan, Start, explore};
use moonring_runtime::Settings;
use moonring_store::Folder;

fn main() {
    divan::main();
}

/// The whole walk, with the load of the scripts; items are copies of calls that went their own way.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn office(bencher: Bencher) {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts");
    let mut settings = Settings::default();
    settings.buckets.recordings = Some("recordings".to_owned());
    let plan = Plan {
        arguments: Default::default(),
        source: Arc::new(Folder::as_it_stands(scripts)),
        settings,
        script: Some("office".to_owned()),
        starts: vec![Start {
            from: "+12065550142".to_owned(),
            to: "+14255550117".to_owned(),
            at_ms: 1_780_336_800_000,
            at: None,
            direction: Direction::Inbound,
        }],
        digits: Vec::new(),
        update: Vec::new(),
        replies: None,
        budget: Budget::default(),
        saves_tests: false,
        usual_from: "+12065550142".to_owned(),
        usual_to: "+14255550117".to_owned(),
        command: Vec::new(),
    };
    let report = explore(&plan, &|_| true).unwrap();
    println!("{} answers, {} calls, {} states", report.answers, report.paths.len(), report.states);
    bencher
        .counter(ItemsCount::new(report.answers))
        .bench_local(|| explore(&plan, &|_| true).unwrap());
}
