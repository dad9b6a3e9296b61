//! Runs the tests of a suite: side by side, each in a world of its own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use moonring_engine::{CancelFlag, Compiled, Counting, Error, Limits, Program, script_file};
use moonring_flow::Place;
use moonring_runtime::FunctionHits;
use moonring_store::{Caps, Snapshot, Source, take};

use serde_json::Map;

use crate::coverage::Coverage;
use crate::language::SpecVm;
use crate::menus::{Menu, MenuPlace};
use crate::one_test::run_test;
use crate::report::{Failure, Report, RunError, TestReport, TestResult};
use crate::suite::{SpecFile, Suite};

/// What of a suite runs, and how.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Only tests whose name has this in it, names of groups among them.
    pub filter: Option<String>,
    /// Only the tests at these lines.
    pub lines: Vec<Line>,
    /// Tests run in an order that this number makes; else in that of their files.
    pub seed: Option<u64>,
    /// How many run side by side.
    pub jobs: usize,
}

/// A line of a spec: it stands for the tests that begin at it, or else at the nearest line above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// A test that is to run.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) file: String,
    /// Its number in its file.
    pub(crate) number: usize,
    pub(crate) path: Vec<String>,
    pub(crate) line: u32,
    skip: Option<String>,
    is_only: bool,
}

/// The tests that are to run, and how many are not, because others say `only`.
struct Found {
    units: Vec<Unit>,
    left_out: usize,
}

/// What one worker has counted.
#[derive(Default)]
struct Counted {
    hits: Vec<BTreeMap<String, Vec<FunctionHits>>>,
    menus: BTreeMap<MenuPlace, Menu>,
}

/// Runs tests; `told` hears of each as it ends, in any order.
///
/// # Errors
/// Why none was run.
pub fn run(
    suite: &Arc<Suite>,
    choice: &Choice,
    told: &(dyn Fn(&TestReport, usize) + Sync),
) -> Result<Report, RunError> {
    let snapshot = snapshot(suite.source.as_ref())?;
    let mut broken = unparsed(suite);
    let compiled = compile(suite, &snapshot, &broken)?;
    let vm = SpecVm::new(Arc::clone(suite), &compiled).map_err(RunError::System)?;
    let Found { units, left_out } = find(&vm, suite, choice, &mut broken);
    let total = units.len() + broken.len();
    for report in &broken {
        told(report, total);
    }
    let names: Vec<&str> = snapshot.files.iter().map(|file| file.entry.name.as_str()).collect();
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Ended>> = Mutex::default();
    let counted: Mutex<Vec<Counted>> = Mutex::default();
    let work = |vm: &SpecVm| {
        while let Some(unit) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
            let report = match &unit.skip {
                Some(reason) => Ended::skipped(unit, reason),
                None => run_test(vm, suite, unit, script_of(&unit.file, &names)),
            };
            told(&report.report, total);
            done.lock().unwrap_or_else(PoisonError::into_inner).push(report);
        }
        let mut hits = if suite.counts() { vm.stage.hosts.hits() } else { Vec::new() };
        hits.push(vm.bench.hits());
        let menus = std::mem::take(&mut vm.stage.menus.borrow_mut().menus);
        counted.lock().unwrap_or_else(PoisonError::into_inner).push(Counted { hits, menus });
    };
    std::thread::scope(|scope| {
        for _ in 1..choice.jobs.min(units.len()) {
            scope.spawn(|| {
                if let Ok(vm) = SpecVm::new(Arc::clone(suite), &compiled) {
                    work(&vm);
                }
            });
        }
        work(&vm);
    });
    let mut report = Report { tests: broken, left_out, ..Report::default() };
    for ended in done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        report.tests.push(ended.report);
        for (path, story) in ended.snapshots {
            if report
                .snapshots
                .insert(path.clone(), story.clone())
                .is_some_and(|other| other != story)
            {
                report.clashes.insert(path);
            }
        }
    }
    let order = |file: &str| suite.specs.iter().position(|spec| spec.name == file);
    report.tests.sort_by_cached_key(|test| (order(&test.file), test.number));
    if suite.counts() {
        let counted = counted.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut coverage = Coverage::new(texts(&snapshot));
        coverage.add(&nothing_run(suite, &snapshot)?);
        for Counted { hits, menus } in counted {
            hits.iter().for_each(|hits| coverage.add(hits));
            coverage.add_menus(menus);
        }
        coverage.find_ways();
        report.coverage = Some(coverage);
    }
    Ok(report)
}

/// A test that has ended, and the stories that it compared.
pub(crate) struct Ended {
    pub(crate) report: TestReport,
    pub(crate) snapshots: BTreeMap<String, String>,
}

impl Ended {
    fn skipped(unit: &Unit, reason: &str) -> Self {
        let result = TestResult::Skipped(reason.to_owned());
        Self { report: TestReport::of(unit, result), snapshots: BTreeMap::new() }
    }
}

impl TestReport {
    /// A spec that does not load.
    fn of_file(file: &str, failure: Failure) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            number: 0,
            path: vec!["the spec loads".to_owned()],
            result: TestResult::Failed(Box::new(failure)),
            events: 0,
            lasts: Default::default(),
            scripts: Default::default(),
            printed: Vec::new(),
            unused_replies: Vec::new(),
            spoken: Vec::new(),
        }
    }

    /// A test that has done nothing yet.
    pub(crate) fn of(unit: &Unit, result: TestResult) -> Self {
        Self {
            file: unit.file.clone(),
            line: unit.line,
            number: unit.number,
            path: unit.path.clone(),
            result,
            events: 0,
            lasts: Default::default(),
            scripts: Default::default(),
            printed: Vec::new(),
            unused_replies: Vec::new(),
            spoken: Vec::new(),
        }
    }
}

fn snapshot(source: &dyn Source) -> Result<Snapshot, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| RunError::System(error.to_string()))?;
    let caps = Caps { file_bytes: u64::MAX, release_bytes: u64::MAX, files: usize::MAX };
    let taken = runtime.block_on(take(source, None, caps))?;
    taken.ok_or_else(|| RunError::System("the scripts cannot be read".to_owned()))
}

/// The specs that cannot be read as Luau.
fn unparsed(suite: &Suite) -> Vec<TestReport> {
    let broken = |spec: &SpecFile| {
        let alone = [(spec.name.as_str(), spec.text.as_bytes())];
        let problems = Compiled::new(alone, &Map::new()).err()?.problems;
        let problem = problems.into_iter().next()?;
        let place = problem.line.map(|line| Place { file: problem.file, line });
        let failure = Failure { place, message: problem.message, ..Failure::default() };
        Some(TestReport::of_file(&spec.name, failure))
    };
    suite.specs.iter().filter_map(broken).collect()
}

/// The scripts and the specs, for the VM of specs, but for those that are broken.
fn compile(
    suite: &Suite,
    snapshot: &Snapshot,
    broken: &[TestReport],
) -> Result<Compiled, RunError> {
    let is_whole = |spec: &&SpecFile| !broken.iter().any(|test| test.file == spec.name);
    let specs = suite.specs.iter().filter(is_whole);
    let specs = specs.map(|spec| (spec.name.as_str(), spec.text.as_bytes()));
    let (files, config) = (snapshot.sources().chain(specs), &suite.settings.config);
    Compiled::counting(files, config, suite.settings.counting)
        .map_err(|error| RunError::Release(error.problems))
}

/// The lines of the scripts that hold something to run, none of them run.
fn nothing_run(
    suite: &Suite,
    snapshot: &Snapshot,
) -> Result<BTreeMap<String, Vec<FunctionHits>>, RunError> {
    let config = &suite.settings.config;
    let compiled = Compiled::counting(snapshot.sources(), config, Counting::Lines);
    let compiled = compiled.map_err(|error| RunError::Release(error.problems))?;
    let program = Program::load(&compiled, CancelFlag::default(), Limits::default());
    Ok(program.map_err(|error| RunError::System(error.to_string()))?.hits())
}

/// The scripts by name.
fn texts(snapshot: &Snapshot) -> BTreeMap<String, String> {
    let is_script = |name: &str| name.ends_with(".lua") || name.ends_with(".luau");
    let files = snapshot.files.iter().filter(|file| is_script(&file.entry.name));
    files
        .map(|file| (file.entry.name.to_string(), String::from_utf8_lossy(&file.text).into_owned()))
        .collect()
}

/// The script that a spec is about: the one of its name.
fn script_of(spec: &str, files: &[&str]) -> Option<String> {
    let name = spec.split(".spec.").next().unwrap_or(spec);
    script_file(name, files.iter().copied()).map(|_| name.to_owned())
}

/// The tests that are to run; files that do not load are broken too.
fn find(vm: &SpecVm, suite: &Suite, choice: &Choice, broken: &mut Vec<TestReport>) -> Found {
    let mut units = Vec::new();
    for spec in &suite.specs {
        if broken.iter().any(|test| test.file == spec.name) {
            continue;
        }
        match vm.declared(&spec.name, now_seconds(suite)) {
            Ok(tests) => units.extend(tests.into_iter().enumerate().map(|(number, test)| Unit {
                file: spec.name.clone(),
                number,
                path: test.path,
                line: test.line,
                skip: test.skip,
                is_only: test.is_only,
            })),
            Err(error) => broken.push(TestReport::of_file(&spec.name, failure(&error))),
        }
    }
    let all = units.len();
    if units.iter().any(|unit: &Unit| unit.is_only) {
        units.retain(|unit| unit.is_only);
    }
    let left_out = all - units.len();
    for Line { file, line } in &choice.lines {
        let own = units.iter().filter(|unit| unit.file == *file && unit.line <= *line);
        let nearest = own.map(|unit| unit.line).max();
        units.retain(|unit| unit.file != *file || Some(unit.line) == nearest);
    }
    if let Some(filter) = &choice.filter {
        // As the screen shows names.
        let filter = filter.to_lowercase().replace(" › ", " ");
        units.retain(|unit| unit.path.join(" ").to_lowercase().contains(&filter));
    }
    if let Some(seed) = choice.seed {
        shuffle(&mut units, seed);
    }
    Found { units, left_out }
}

/// An order that a number makes (Fisher and Yates, with a splitmix generator).
fn shuffle(units: &mut [Unit], seed: u64) {
    let mut state = seed;
    for last in (1..units.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let other = usize::try_from((mixed ^ (mixed >> 31)) % (last as u64 + 1)).unwrap_or(0);
        units.swap(last, other);
    }
}

/// The time at which the files of specs load, in seconds since 1970.
pub(crate) fn now_seconds(suite: &Suite) -> i64 {
    i64::try_from(suite.at_ms / 1000).unwrap_or(0)
}

/// An error of a spec.
pub(crate) fn failure(error: &Error) -> Failure {
    let message = match error {
        Error::Raised { message, .. } => message.clone(),
        Error::Deadline { .. } => "it did not end and was stopped".to_owned(),
        other => other.to_string(),
    };
    // `office.spec.lua:12: leaves_a_message`
    let place_of = |call: &String| {
        call.split_whitespace().next().unwrap_or_default().trim_end_matches(':').to_owned()
    };
    let mut called_from: Vec<String> = Vec::new();
    for place in error.trace().iter().map(place_of) {
        let is_own = error.place().is_some_and(|own| own.to_string() == place);
        if place.contains(".spec.") && !is_own && !called_from.contains(&place) {
            called_from.push(place);
        }
    }
    Failure { place: error.place().cloned(), message, called_from, ..Failure::default() }
}
