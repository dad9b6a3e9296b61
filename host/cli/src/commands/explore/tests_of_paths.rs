//! A test for each path, in the spec of the script: those that pass.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context as _;
use moonring_aws::check_members;
use moonring_explore::{Plan, Report};
use moonring_spec::{Choice, SpecFile, Suite, TestResult, run};

use crate::printer::Printer;
use crate::project::Project;
use crate::saved_test::spec_of;

/// Writes the tests of a report that pass, and that their spec does not have.
///
/// # Errors
/// When the spec cannot be read or written.
pub(super) fn write(
    report: &Report,
    plan: &Plan,
    project: &Project,
    printer: Printer,
) -> anyhow::Result<()> {
    let scripts: BTreeSet<_> = report.paths.iter().map(|path| path.script.clone()).collect();
    for script in scripts {
        let path = spec_of(project, script.as_deref())?;
        let mut text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let mut tests: Vec<String> = Vec::new();
        for walked in report.paths.iter().filter(|walked| walked.script == script) {
            let Some(test) = &walked.test else { continue };
            let first = test.lines().next().unwrap_or_default();
            let is_known = text.lines().any(|line| line == first)
                || tests.iter().any(|other| other.starts_with(first));
            if !is_known {
                tests.push(test.clone());
            }
        }
        let name = format!("{}.spec.lua", script.as_deref().unwrap_or("main"));
        let passed = passing(&name, &tests, plan, printer)?;
        let left = tests.len() - passed.len();
        for number in &passed {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(tests.get(*number).map(String::as_str).unwrap_or_default());
        }
        if !passed.is_empty() {
            std::fs::write(&path, text)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        let not = match left {
            0 => String::new(),
            left => format!("; {left} left out, since a spec cannot say all that happens there"),
        };
        printer.talk(&format!("{} tests added to {}{not}", passed.len(), path.display()));
    }
    Ok(())
}

/// The numbers of the tests that pass.
fn passing(
    name: &str,
    tests: &[String],
    plan: &Plan,
    printer: Printer,
) -> anyhow::Result<BTreeSet<usize>> {
    let _progress = printer.progress("trying the tests");
    let spec = SpecFile { name: name.to_owned(), text: tests.join("\n") };
    let suite = Suite {
        source: Arc::clone(&plan.source),
        settings: plan.settings.clone(),
        specs: vec![spec],
        from: plan.usual_from.clone(),
        to: plan.usual_to.clone(),
        at_ms: plan.starts.first().map_or(0, |start| start.at_ms),
        zone: None,
        bots: BTreeMap::new(),
        replies: plan.replies.clone(),
        judge: check_members,
        scripts_arguments: Vec::new(),
        has_routes: plan.script.is_none(),
        is_once: false,
        updates: false,
        snapshots: BTreeMap::new(),
    };
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let choice = Choice { filter: None, lines: Vec::new(), seed: None, jobs };
    let report = run(&Arc::new(suite), &choice, &|_, _| {})?;
    let passed = report.tests.iter().filter(|test| matches!(test.result, TestResult::Passed));
    Ok(passed.map(|test| test.number).collect())
}
