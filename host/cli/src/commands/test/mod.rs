//! `moonring test`: the specs of scripts, run.

mod coverage;
mod files;
mod formats;
mod html;
mod opening;
mod screen;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use moonring_runtime::Counting;
pub(super) use moonring_spec::quoted;
use moonring_spec::{Choice, Report, RunError, TestReport, run};

pub(super) use self::coverage::show as show_coverage;
pub(super) use self::files::Specs;
use self::screen::Screen;
use super::{FAILED, UNUSABLE};
use crate::atomic_write;
use crate::printer::Printer;
use crate::project::ProjectArguments;

/// Test scripts with specs.
#[derive(Args)]
#[command(
    about = "Test scripts with specs",
    long_about = "Runs the specs of your scripts: files that end in .spec.lua and stand beside the scripts that they are about. A spec plays calls and says what the caller hears, which phones ring and what is recorded. Time is simulated, so a test of an hour's call takes a millisecond. Each test runs in one process, and again with a new process for each event, as in Lambda: both must give the same call.",
    after_help = "\
Examples:
  moonring test                             all specs of ./scripts
  moonring test office                      scripts/office.spec.lua
  moonring test scripts/office.spec.lua:12  the test at line 12
  moonring test --filter 'by night'         tests whose name contains this
  moonring test --watch                     again whenever a file changes
  moonring test --coverage                  which lines of scripts no test runs
  moonring test --coverage --min-coverage 95
  moonring test --junit report.xml          a report for a CI server

Exit codes:
  0  every test passed
  1  a test failed, or less is covered than --min-coverage
  2  the command line, the specs or the scripts cannot be used"
)]
pub(crate) struct Test {
    /// Specs to run: a file, the name of a script, or a folder; FILE:LINE is the test at that line
    /// [default: all specs of the scripts]
    #[arg(value_name = "SPEC|DIR")]
    paths: Vec<String>,

    #[command(flatten)]
    project: ProjectArguments,

    /// Run only tests whose name contains this, with the names of their groups in front
    #[arg(long, value_name = "TEXT", short_alias = 't', aliases = ["grep", "testNamePattern"])]
    filter: Option<String>,

    /// Run each test in one process only, and not again with a new process for each event
    #[arg(long)]
    once: bool,

    /// Run again whenever a script or a spec changes: only what the change touches
    #[arg(long, conflicts_with_all = ["json", "tap", "junit"])]
    watch: bool,

    /// Show which lines, branches, functions and menu keys no test reaches
    #[arg(long)]
    coverage: bool,

    /// Fail where less than this percentage of lines is covered
    #[arg(long, value_name = "PERCENT", value_parser = percentage)]
    min_coverage: Option<f64>,

    /// Write the coverage as an lcov file
    #[arg(long, value_name = "FILE")]
    lcov: Option<PathBuf>,

    /// Write the coverage as one HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Print the results in the Test Anything Protocol
    #[arg(long, conflicts_with = "json")]
    tap: bool,

    /// Print the results as one JSON object
    #[arg(long)]
    json: bool,

    /// Run the tests in an order made from this number
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// How many tests run at the same time [default: the number of processors]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,

    /// Write the stories in __snapshots__ anew instead of comparing them
    #[arg(long, short_alias = 'u')]
    update: bool,
}

impl Test {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        for path in [&self.junit, &self.lcov, &self.html].into_iter().flatten() {
            atomic_write::check(path)?;
        }
        if self.watch {
            return watch::run_again_and_again(&self, printer);
        }
        let specs = self.open(printer)?;
        self.run_once(&specs, printer)
    }

    /// Runs what was found, and shows what became of it.
    fn run_once(&self, specs: &Specs, printer: Printer) -> anyhow::Result<ExitCode> {
        let report = match self.play(specs, printer)? {
            Ok(report) => report,
            Err(code) => return Ok(code),
        };
        self.show(&report, specs, printer)?;
        let is_covered = match (&report.coverage, self.min_coverage) {
            (Some(coverage), Some(least)) if coverage.percent() < least => {
                printer.error_text(&format!(
                    "{:.1} % of the lines are covered, which is less than --min-coverage {least}; the lines above are run by no test",
                    coverage.percent()
                ));
                false
            }
            _ => true,
        };
        Ok(if report.failed() == 0 && is_covered && report.clashes.is_empty() {
            ExitCode::SUCCESS
        } else {
            FAILED.into()
        })
    }

    /// Runs the specs; where they cannot be, why not has been said.
    fn play(&self, specs: &Specs, printer: Printer) -> anyhow::Result<Result<Report, ExitCode>> {
        let jobs = self.jobs.map_or_else(
            || std::thread::available_parallelism().map_or(1, usize::from),
            usize::from,
        );
        let lines = specs.lines.clone();
        let choice = Choice { filter: self.filter.clone(), lines, seed: self.seed, jobs };
        let mut suite = specs.suite(printer)?;
        suite.is_once = self.once;
        suite.updates = self.update;
        if self.is_counted() {
            suite.settings.counting = Counting::Lines;
        }
        let screen = Screen::new(printer, self.tap || self.json);
        let told = |test: &TestReport, total: usize| screen.told(test, total);
        let report = match run(&Arc::new(suite), &choice, &told) {
            Ok(mut report) => {
                // Of one spec only the scripts that it is about count.
                if let Some(coverage) = report.coverage.as_mut().filter(|_| specs.is_part()) {
                    coverage.keep_met();
                }
                report
            }
            Err(RunError::Release(problems)) => {
                for problem in problems {
                    printer.data(&problem.to_string())?;
                }
                printer.error_text("the scripts cannot be loaded, so no test was run");
                return Ok(Err(UNUSABLE.into()));
            }
            Err(error) => return Err(error.into()),
        };
        screen.end();
        Ok(Ok(report))
    }

    /// Whether it is counted what runs of the scripts.
    fn is_counted(&self) -> bool {
        self.coverage || self.min_coverage.is_some() || self.lcov.is_some() || self.html.is_some()
    }

    fn show(&self, report: &Report, specs: &Specs, printer: Printer) -> anyhow::Result<()> {
        if report.tests.is_empty() && self.filter.is_some() {
            anyhow::bail!(
                "no test has `{}` in its name; run without --filter to see the names",
                self.filter.as_deref().unwrap_or_default()
            );
        }
        anyhow::ensure!(
            !report.tests.is_empty(),
            "there are no tests in the specs; write one: test(\"a name\", function(t) … end)"
        );
        for path in &report.clashes {
            printer.error_text(&format!(
                "two tests keep different stories as {path}; give each a name of its own"
            ));
        }
        specs.write_stories(&report.snapshots, self.update, printer)?;
        if let Some(path) = &self.junit {
            atomic_write::write(path, formats::junit(report))?;
        }
        match () {
            () if self.json => printer.answer(formats::json(report).to_string().as_bytes())?,
            () if self.tap => printer.data(formats::tap(report).trim_end())?,
            () => {
                let is_whole = self.filter.is_none() && specs.lines.is_empty();
                screen::show(report, specs, is_whole, printer)?;
            }
        }
        let Some(coverage) = &report.coverage else { return Ok(()) };
        if let Some(path) = &self.lcov {
            atomic_write::write(path, coverage::lcov(coverage, specs))?;
        }
        if let Some(path) = &self.html {
            atomic_write::write(path, html::page(coverage))?;
        }
        if !self.json && !self.tap {
            coverage::show(coverage, "test", printer)?;
        }
        Ok(())
    }
}

fn percentage(text: &str) -> Result<f64, String> {
    let percent = text.trim_end_matches('%').trim().parse::<f64>().ok();
    percent
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| "wanted a percentage from 0 to 100".to_owned())
}
