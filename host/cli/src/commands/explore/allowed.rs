//! Findings that a comment of the script allows.

use moonring_check::allowed_reason;
use moonring_explore::{Finding, Report};
use moonring_runtime::ScriptText;

/// The report without findings that a comment allows.
pub(super) fn without_allowed(mut report: Report, scripts: &[ScriptText]) -> Report {
    let is_allowed = |finding: &Finding| {
        let place = finding.place.as_ref();
        place.is_some_and(|place| {
            let script = scripts.iter().find(|script| script.file == place.file);
            script.is_some_and(|script| {
                allowed_reason(&script.text, place.line, finding.kind.name).is_some()
            })
        })
    };
    let before = report.findings.len();
    report.findings.retain(|finding| !is_allowed(finding));
    if report.findings.len() < before {
        // The drawing names findings by their numbers.
        for node in &mut report.graph.nodes {
            node.findings.clear();
        }
        for (number, finding) in (1..).zip(&report.findings) {
            if let Some(node) = finding.node.and_then(|node| report.graph.nodes.get_mut(node)) {
                node.findings.push(number);
            }
        }
    }
    report
}
