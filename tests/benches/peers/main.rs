//! The deployed program beside others that answer the same events: a program with its answer written
//! into it (the limit), and the handler of the service's tutorial in Node and in Python.
//!
//! All play through the same Runtime API, in turns, so that what the machine does besides hits all
//! of them. `taskset -c 1 cargo bench --package moonring-tests --bench peers` pins this program and
//! them to one core: what is measured is then the work, and no wake-up of another core.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its figures")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "and says what went wrong by failing"
)]

mod api;
mod chart;
mod costs;
mod instructions;
mod peer;
mod process;
mod report;
mod s3;
mod starts;
mod story;
mod warm;

use std::path::PathBuf;

use self::report::Report;

/// What the command line asks for.
struct Options {
    /// How often each peer has its turn.
    rounds: usize,
    /// How many calls a peer plays in a turn.
    calls: usize,
    /// An earlier build of the deployed program, which plays too.
    before: Option<PathBuf>,
    json: bool,
    svg: Option<PathBuf>,
}

const HELP: &str = "\
Times the deployed program beside others, through the same Runtime API.

  taskset -c 1 cargo bench --package moonring-tests --bench peers
  cargo bench --package moonring-tests --bench peers -- --json > figures.json
  cargo bench --package moonring-tests --bench peers -- --svg docs/explanation/benchmarks.svg

  --rounds N   how often each program has its turn (5)
  --calls N    how many calls it plays in a turn (2000)
  --before F   has an earlier build of bootstrap play too
  --json       prints the figures as one JSON object
  --svg FILE   draws the picture of the page on benchmarks
";

fn main() {
    let options = options();
    let peers = peer::all(options.before.as_deref());
    eprintln!("peers: warm events, {} rounds of {} calls …", options.rounds, options.calls);
    let warm = warm::measure(&peers, options.rounds, options.calls);
    eprintln!("peers: starts …");
    let starts = starts::measure(&peers, options.rounds);
    eprintln!("peers: instructions …");
    let instructions = instructions::measure(&peers);
    let report = Report::new(&warm, &starts, &instructions);
    if options.json {
        println!("{}", report.to_json());
    } else {
        print!("{}", report.to_text());
    }
    if let Some(path) = options.svg {
        std::fs::write(path, chart::draw(&report)).unwrap();
    }
}

fn options() -> Options {
    let mut options = Options { rounds: 5, calls: 2000, before: None, json: false, svg: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| panic!("{word} wants a value\n\n{HELP}"));
        match word.as_str() {
            "--rounds" => options.rounds = value().parse().expect("a number of rounds"),
            "--calls" => options.calls = value().parse().expect("a number of calls"),
            "--before" => options.before = Some(value().into()),
            "--json" => options.json = true,
            "--svg" => options.svg = Some(value().into()),
            // Cargo says so to every benchmark.
            "--bench" => {}
            _ => {
                print!("{HELP}");
                std::process::exit(if word == "--help" { 0 } else { 2 });
            }
        }
    }
    options
}
