//! Results for programs: JUnit XML, the Test Anything Protocol, JSON.

use std::fmt::Write as _;

use moonring_spec::{Failure, Report, TestReport, TestResult};
use serde_json::{Value, json};

/// JUnit XML, as CI servers read it: a suite a file. Times are those of the calls' own clock.
pub(super) fn junit(report: &Report) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (all, failed) = (report.tests.len(), report.failed());
    let _ = writeln!(xml, "<testsuites name=\"moonring\" tests=\"{all}\" failures=\"{failed}\">");
    let mut files: Vec<&str> = report.tests.iter().map(|test| test.file.as_str()).collect();
    files.dedup();
    for file in files {
        let tests: Vec<_> = report.tests.iter().filter(|test| test.file == file).collect();
        let count =
            |is: fn(&TestResult) -> bool| tests.iter().filter(|test| is(&test.result)).count();
        let failed = count(|result| matches!(result, TestResult::Failed(_)));
        let skipped = count(|result| matches!(result, TestResult::Skipped(_)));
        let (name, all) = (escaped(file), tests.len());
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{name}\" tests=\"{all}\" failures=\"{failed}\" skipped=\"{skipped}\">"
        );
        for test in tests {
            write_case(&mut xml, test);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn write_case(xml: &mut String, test: &TestReport) {
    let (name, file) = (escaped(&test.name()), escaped(&test.file));
    let (line, seconds) = (test.line, test.lasts.as_secs_f64());
    let class = escaped(test.file.split(".spec.").next().unwrap_or(&test.file));
    let _ = write!(
        xml,
        "    <testcase name=\"{name}\" classname=\"{class}\" file=\"{file}\" line=\"{line}\" time=\"{seconds:.3}\""
    );
    let _ = match &test.result {
        TestResult::Passed => writeln!(xml, "/>"),
        TestResult::Skipped(reason) => {
            writeln!(xml, "><skipped message=\"{}\"/></testcase>", escaped(reason))
        }
        TestResult::Failed(failure) => {
            let first = failure.message.lines().next().unwrap_or_default();
            writeln!(
                xml,
                "><failure message=\"{}\">{}</failure></testcase>",
                escaped(first),
                escaped(&whole(failure))
            )
        }
    };
}

/// Everything that a failure says.
fn whole(failure: &Failure) -> String {
    let mut text = String::new();
    if let Some(place) = &failure.place {
        let _ = writeln!(text, "{place}");
    }
    let _ = writeln!(text, "{}", failure.message);
    if let Some(note) = &failure.note {
        let _ = writeln!(text, "{note}");
    }
    for call in &failure.calls {
        let _ = writeln!(text, "\n{}\n{}", call.lines.join("\n"), call.command);
    }
    text
}

/// The Test Anything Protocol, version 14.
pub(super) fn tap(report: &Report) -> String {
    let mut tap = format!("TAP version 14\n1..{}\n", report.tests.len());
    for (number, test) in report.tests.iter().enumerate() {
        let number = number + 1;
        let name = format!("{} {}", test.file, test.name()).replace('#', "\\#");
        let _ = match &test.result {
            TestResult::Passed => writeln!(tap, "ok {number} - {name}"),
            TestResult::Skipped(reason) => {
                writeln!(tap, "ok {number} - {name} # SKIP {}", reason.replace('\n', " "))
            }
            TestResult::Failed(failure) => {
                let _ = writeln!(tap, "not ok {number} - {name}\n  ---\n  message: |");
                for line in whole(failure).lines() {
                    let _ = writeln!(tap, "    {line}");
                }
                writeln!(tap, "  ...")
            }
        };
    }
    tap
}

/// Everything as one object.
pub(super) fn json(report: &Report) -> Value {
    let test = |test: &TestReport| {
        let (result, reason) = match &test.result {
            TestResult::Passed => ("passed", None),
            TestResult::Skipped(reason) => ("skipped", Some(reason)),
            TestResult::Failed(_) => ("failed", None),
        };
        let failure = test.failure().map(|failure| {
            let place = failure.place.as_ref();
            json!({
                "file": place.map(|place| &place.file), "line": place.map(|place| place.line),
                "message": failure.message, "note": failure.note,
                "calls": failure.calls.iter().map(|call| json!({"story": call.lines, "command": call.command})).collect::<Vec<_>>(),
            })
        });
        json!({
            "file": test.file, "line": test.line, "path": test.path, "result": result, "reason": reason,
            "events": test.events, "seconds": test.lasts.as_secs_f64(), "scripts": test.scripts, "failure": failure,
        })
    };
    let coverage = report.coverage.as_ref().map(|coverage| {
        let files = coverage.files.iter().map(|(name, file)| {
            json!({
                "file": name, "lines": file.lines.len(), "lines_run": file.lines_run(),
                "branches": file.branches.len(), "branches_taken": file.branches_gone(), "missed": file.lines_missed(),
            })
        });
        let untaken = coverage.untaken();
        let untaken = untaken.iter().map(|one| json!({"place": one.place, "what": one.what}));
        json!({"percent": coverage.percent(), "files": files.collect::<Vec<_>>(), "untaken": untaken.collect::<Vec<_>>()})
    });
    let (all, failed) = (report.tests.len(), report.failed());
    let is_skipped = |test: &&TestReport| matches!(test.result, TestResult::Skipped(_));
    let skipped = report.tests.iter().filter(is_skipped).count();
    let passed = all - failed - skipped;
    json!({"total": all, "passed": passed, "failed": failed, "skipped": skipped, "left_out": report.left_out, "tests": report.tests.iter().map(test).collect::<Vec<_>>(), "coverage": coverage})
}

/// A text inside XML; what XML cannot say at all is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push('\t'),
            // What XML cannot say at all.
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}
