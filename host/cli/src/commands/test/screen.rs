//! Results for people.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use moonring_spec::{Failure, Report, TestReport, TestResult};

use super::files::Specs;
use super::quoted;
use crate::counted::counted;
use crate::printer::{Hue, Printer, printable};

/// The most lines of a call that a failure shows, from its end.
const STORY: usize = 40;
/// The most calls that a failure shows.
const CALLS: usize = 5;
/// How often progress is shown.
const EVERY: Duration = Duration::from_millis(100);

/// What is shown while tests run.
pub(super) struct Screen {
    printer: Printer,
    /// When progress was shown last, on a terminal.
    shown: Option<Mutex<Instant>>,
    done: AtomicUsize,
    failed: AtomicUsize,
}

impl Screen {
    /// Where results are for programs, nothing is shown meanwhile.
    pub(super) fn new(printer: Printer, is_for_programs: bool) -> Self {
        let may = std::io::stderr().is_terminal() && !is_for_programs;
        Self {
            printer,
            shown: may.then(|| Mutex::new(Instant::now())),
            done: AtomicUsize::new(0),
            failed: AtomicUsize::new(0),
        }
    }

    /// A test has ended.
    pub(super) fn told(&self, test: &TestReport, total: usize) {
        let done = 1 + self.done.fetch_add(1, Ordering::Relaxed);
        let failed = usize::from(test.failure().is_some());
        let failed = failed + self.failed.fetch_add(failed, Ordering::Relaxed);
        let Some(Ok(mut shown)) = self.shown.as_ref().map(Mutex::lock) else { return };
        if shown.elapsed() >= EVERY {
            *shown = Instant::now();
            let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
            self.printer.status(&format!("{done} of {total} tests{failed}"));
        }
    }

    /// Takes away what was shown.
    pub(super) fn end(&self) {
        if self.shown.is_some() {
            self.printer.status("");
        }
    }
}

/// Shows what became of the tests: a line a file, each failure, and how many there were. `is_whole`
/// where no test of a file was left out by choice.
///
/// # Errors
/// When it cannot be written.
pub(super) fn show(
    report: &Report,
    specs: &Specs,
    is_whole: bool,
    printer: Printer,
) -> anyhow::Result<()> {
    for name in &specs.chosen {
        let tests: Vec<_> = report.tests.iter().filter(|test| test.file == *name).collect();
        if tests.is_empty() {
            if is_whole && report.left_out == 0 {
                printer.data(&format!("none  {}  no tests", specs.path(name)))?;
            }
            continue;
        }
        let failed = tests.iter().filter(|test| test.failure().is_some()).count();
        let (word, hue) = if failed > 0 { ("FAIL", Hue::Failure) } else { ("ok  ", Hue::Plain) };
        let count = match failed {
            0 => counted(tests.len(), "test"),
            _ => format!("{failed} of {} failed", counted(tests.len(), "test")),
        };
        printer.coloured_data(&format!("{word}  {}  {count}", specs.path(name)), hue)?;
        // Of one spec everybody wants to see its tests.
        for test in tests.iter().filter(|_| specs.chosen.len() == 1) {
            let (word, hue) = match &test.result {
                TestResult::Passed => ("ok  ", Hue::Plain),
                TestResult::Failed(_) => ("FAIL", Hue::Failure),
                TestResult::Skipped(_) => continue,
            };
            printer.coloured_data(&format!("  {word}  {}", test.path.join(" › ")), hue)?;
        }
        for line in tests.iter().flat_map(|test| &test.printed) {
            printer.data(&format!("  print  {}", printable(line)))?;
        }
    }
    for test in &report.tests {
        if let TestResult::Skipped(reason) = &test.result {
            printer.data(&format!("skip  {}: {}", test.path.join(" › "), printable(reason)))?;
        }
    }
    for test in report.tests.iter().filter(|test| matches!(test.result, TestResult::Passed)) {
        for pattern in &test.unused_replies {
            let name = test.path.join(" › ");
            printer.data(&format!("unused  {name}: nothing asked for the reply {pattern}"))?;
        }
    }
    for test in &report.tests {
        if let Some(failure) = test.failure() {
            show_failure(test, failure, &report.tests, specs, printer)?;
        }
    }
    let skipped = report.tests.iter().filter(|test| matches!(test.result, TestResult::Skipped(_)));
    let (failed, skipped) = (report.failed(), skipped.count());
    let mut parts = vec![format!("{} passed", report.tests.len() - failed - skipped)];
    if failed > 0 {
        parts.push(format!("{failed} failed"));
    }
    if skipped > 0 {
        parts.push(format!("{skipped} skipped"));
    }
    if report.left_out > 0 {
        parts.push(format!("{} left out because others say only", report.left_out));
    }
    let hue = if failed > 0 { Hue::Failure } else { Hue::Plain };
    let total = counted(report.tests.len(), "test");
    printer.coloured_data(&format!("\n{total}: {}", parts.join(", ")), hue)
}

fn show_failure(
    test: &TestReport,
    failure: &Failure,
    all: &[TestReport],
    specs: &Specs,
    printer: Printer,
) -> anyhow::Result<()> {
    let place = match &failure.place {
        Some(place) => format!("{}:{}", specs.path(&place.file), place.line),
        None if test.line > 0 => format!("{}:{}", specs.path(&test.file), test.line),
        None => specs.path(&test.file),
    };
    printer.coloured_data(&format!("\n{}", test.path.join(" › ")), Hue::Failure)?;
    printer.data(&format!("  {place}"))?;
    for line in printable(&failure.message).lines() {
        printer.coloured_data(&format!("  {line}"), Hue::Failure)?;
    }
    if let Some(note) = &failure.note {
        printer.data(&format!("  {note}"))?;
    }
    for place in &failure.called_from {
        printer.data(&format!("  called from {}", specs.path(place)))?;
    }
    for (number, call) in failure.calls.iter().take(CALLS).enumerate() {
        if call.lines.is_empty() {
            continue;
        }
        let which = match (number, call.began.as_secs_f64()) {
            (0, _) if failure.calls.len() == 1 => String::new(),
            (0, _) => " 1".to_owned(),
            (number, began) => format!(" {}, {began:.1} s after the first", number + 1),
        };
        printer.data(&format!("\n  call{which}:"))?;
        let left_out = call.lines.len().saturating_sub(STORY);
        if left_out > 0 {
            printer.data(&format!("    … {} before", counted(left_out, "line")))?;
        }
        for line in call.lines.iter().skip(left_out) {
            printer.data(&format!("  {}", printable(line)))?;
        }
        for line in &call.log {
            printer.data(&format!("    log  {}", printable(line)))?;
        }
    }
    if test.line > 0 {
        let place = format!("{}:{}", specs.path(&test.file), test.line);
        let filter = match is_alone(test, all) {
            true => String::new(),
            false => format!(" --filter {}", quoted(&test.name())),
        };
        let profile = specs.arguments.iter().skip_while(|word| *word != "--profile");
        let profile: String = profile.map(|word| format!(" {}", quoted(word))).collect();
        printer.data(&format!(
            "\n  this test alone:  moonring test {}{filter}{profile}",
            quoted(&place)
        ))?;
    }
    for call in failure.calls.iter().take(CALLS).filter(|call| !call.lines.is_empty()) {
        printer.data(&format!("  this call:        {}", call.command))?;
    }
    Ok(())
}

/// Whether no other test begins at the line of this one.
fn is_alone(test: &TestReport, all: &[TestReport]) -> bool {
    let is_same = |other: &&TestReport| other.file == test.file && other.line == test.line;
    all.iter().filter(is_same).count() == 1
}
