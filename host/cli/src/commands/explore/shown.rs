//! How a report is shown: to people, and to programs.

use moonring_explore::{Finding, KINDS, Report, WalkedPath};
use serde_json::{Value, json as value};

use crate::counted::counted;
use crate::printer::Printer;

/// The findings, and what was walked.
pub(super) fn findings(report: &Report, printer: Printer) -> anyhow::Result<()> {
    for finding in &report.findings {
        printer.data(&finding.to_string())?;
        if let Some(command) = &finding.command {
            printer.data(&format!("  {command}"))?;
        }
        for failed in &finding.failed_requests {
            printer.data(&format!("  where {failed}"))?;
        }
    }
    let (errors, notes): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| finding.is_error());
    let found = match (errors.len(), notes.len()) {
        (0, 0) => "nothing was found".to_owned(),
        (0, notes) => counted(notes, "note"),
        (errors, 0) => counted(errors, "finding"),
        (errors, notes) => format!("{} and {}", counted(errors, "finding"), counted(notes, "note")),
    };
    printer.talk(&format!(
        "{} walked through {}: {found}",
        counted(report.paths.len(), "call"),
        counted(report.states, "state")
    ));
    if report.passed_over > 0 {
        printer.talk(&format!(
            "{} not followed any further, since many others had come to the same state; what differs only by the way there may be missed",
            counted(report.passed_over, "call")
        ));
    }
    if report.left > 0 {
        printer.talk(&format!(
            "{} not walked to the end; --budget, --answers and --depth let it go on",
            counted(report.left, "call")
        ));
    }
    Ok(())
}

/// The paths that are looked for.
pub(super) fn paths(
    report: &Report,
    is_wanted: impl Fn(&WalkedPath) -> bool,
    nothing: &str,
    printer: Printer,
) -> anyhow::Result<()> {
    let mut found = report.paths.iter().filter(|path| is_wanted(path)).peekable();
    if found.peek().is_none() {
        printer.talk(nothing);
    }
    found.try_for_each(|path| printer.data(&path.command))
}

/// The report as an object: `findings`, `paths`, `graph`, and how much was walked.
pub(super) fn json(report: &Report) -> Value {
    let findings: Vec<Value> = report.findings.iter().map(told).collect();
    let paths = report.paths.iter().map(|path| {
        value!({"words": path.words, "command": path.command, "rings": path.rings, "places": path.places})
    });
    value!({
        "findings": findings, "paths": paths.collect::<Vec<_>>(), "states": report.states,
        "answers": report.answers, "left": report.left, "passed_over": report.passed_over, "graph": moonring_explore::json(&report.graph),
    })
}

fn told(finding: &Finding) -> Value {
    let place = finding.place.as_ref();
    value!({
        "id": finding.id(), "kind": finding.kind.name, "severity": severity(finding.is_error()),
        "file": place.map(|place| &place.file), "line": place.map(|place| place.line),
        "message": finding.message, "path": finding.path, "command": finding.command,
        "failed_requests": finding.failed_requests,
    })
}

fn severity(is_error: bool) -> &'static str {
    if is_error { "error" } else { "note" }
}

/// The findings as SARIF. Kinds are its rules.
pub(super) fn sarif(report: &Report) -> Value {
    let rules = KINDS.iter().map(|kind| {
        value!({
            "id": kind.name, "shortDescription": {"text": kind.meaning},
            "defaultConfiguration": {"level": severity(kind.is_error)},
        })
    });
    let results = report.findings.iter().map(|finding| {
        let place = finding.place.as_ref();
        let file = place.map_or("main.lua", |place| place.file.as_str());
        value!({
            "ruleId": finding.kind.name, "level": severity(finding.is_error()),
            "message": {"text": finding.message}, "partialFingerprints": {"finding": finding.id()},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": file},
                "region": {"startLine": place.map_or(1, |place| place.line)},
            }}],
        })
    });
    let (rules, results): (Vec<Value>, Vec<Value>) = (rules.collect(), results.collect());
    crate::sarif::sarif("moonring explore", &rules, &results)
}
