//! What became of the tests.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use moonring_engine::Problem;
use moonring_exchange::SpokenLine;
use moonring_flow::Place;

use crate::coverage::Coverage;

/// What became of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Its tests, in the order of their files and lines.
    pub tests: Vec<TestReport>,
    /// How many tests were left out because others say `only`.
    pub left_out: usize,
    /// What of the scripts has run, where it was counted.
    pub coverage: Option<Coverage>,
    /// Stories that two tests keep, and differently.
    pub clashes: BTreeSet<String>,
    /// The stories that tests have compared or written, by path from the folder of the scripts.
    pub snapshots: BTreeMap<String, String>,
}

/// What became of one test.
#[derive(Debug, Clone)]
pub struct TestReport {
    /// Its file.
    pub file: String,
    /// The line at which its function begins; 0 for a file that does not load.
    pub line: u32,
    /// Its number in its file.
    pub number: usize,
    /// The names of its groups, and its own.
    pub path: Vec<String>,
    /// What became of it.
    pub result: TestResult,
    /// How many events it brought.
    pub events: u64,
    /// How long its calls took, by their own clock.
    pub lasts: Duration,
    /// The scripts that answered.
    pub scripts: BTreeSet<String>,
    /// What the spec has printed.
    pub printed: Vec<String>,
    /// Replies that nothing has asked for, by their patterns.
    pub unused_replies: Vec<String>,
    /// What the scripts have said and done in each of its calls.
    pub spoken: Vec<Vec<SpokenLine>>,
}

/// What became of one test.
#[derive(Debug, Clone)]
pub enum TestResult {
    /// It holds.
    Passed,
    /// It was not run, and why.
    Skipped(String),
    /// It does not hold.
    Failed(Box<Failure>),
}

/// Why a test does not hold.
#[derive(Debug, Clone, Default)]
pub struct Failure {
    /// Where in the spec, or in what it calls.
    pub place: Option<Place>,
    /// What was wanted and what came, in lines.
    pub message: String,
    /// The lines of the spec from which that place was reached, as `file:line`, the nearest first.
    pub called_from: Vec<String>,
    /// How it ran, where that matters.
    pub note: Option<String>,
    /// Its calls so far.
    pub calls: Vec<CallStory>,
}

/// A call of a test.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallStory {
    /// When it began, from the start of the test.
    pub began: Duration,
    /// What happened, in lines.
    pub lines: Vec<String>,
    /// What its script logged, in lines.
    pub log: Vec<String>,
    /// The command line that plays it.
    pub command: String,
}

/// Why no test was run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The scripts cannot be used.
    #[error("the scripts cannot be used")]
    Release(Vec<Problem>),
    /// The scripts cannot be read.
    #[error(transparent)]
    Store(#[from] moonring_store::Error),
    /// The system gives no means for it.
    #[error("{0}")]
    System(String),
}

impl TestReport {
    /// Its name: those of its groups and its own.
    pub fn name(&self) -> String {
        self.path.join(" ")
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.result {
            TestResult::Failed(failure) => Some(failure),
            _ => None,
        }
    }
}

impl Report {
    /// How many tests failed.
    pub fn failed(&self) -> usize {
        self.tests.iter().filter(|test| test.failure().is_some()).count()
    }
}
