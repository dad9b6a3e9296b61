//! A test for each path, in the spec of the script.

use std::collections::BTreeSet;

use anyhow::Context as _;
use moonring_explore::Report;

use crate::printer::Printer;
use crate::project::Project;
use crate::saved_test::spec_of;

/// Writes the tests of a report that their spec does not have.
///
/// # Errors
/// When the spec cannot be read or written.
pub(super) fn write(report: &Report, project: &Project, printer: Printer) -> anyhow::Result<()> {
    let mut count = 0;
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
        for walked in report.paths.iter().filter(|walked| walked.script == script) {
            let Some(test) = &walked.test else { continue };
            let first = test.lines().next().unwrap_or_default();
            if text.lines().any(|line| line == first) {
                continue;
            }
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(test);
            count += 1;
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        printer.talk(&format!("{count} tests added to {}", path.display()));
    }
    Ok(())
}
