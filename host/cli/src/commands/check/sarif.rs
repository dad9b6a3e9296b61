//! Problems as SARIF.

use moonring_check::{CODES, Diagnostic, Severity};
use serde_json::{Value, json};

/// A report of these problems. Codes are its rules.
pub(super) fn sarif(problems: &[Diagnostic]) -> Value {
    let rules: Vec<Value> = CODES
        .iter()
        .map(|code| {
            let summary = code.page.lines().find_map(|line| line.strip_prefix("**")?.strip_suffix("**"));
            let summary = summary.unwrap_or(code.name);
            json!({
                "id": code.name, "shortDescription": {"text": summary}, "help": {"text": code.page, "markdown": code.page},
                "defaultConfiguration": {"level": level(code.severity)},
            })
        })
        .collect();
    let results: Vec<Value> = problems.iter().map(result).collect();
    crate::sarif::sarif("moonring", &rules, &results)
}

fn result(problem: &Diagnostic) -> Value {
    let mut region = json!({"startLine": problem.line().unwrap_or(1)});
    if let Some(column) = problem.at.and_then(|at| at.column) {
        region["startColumn"] = json!(column);
    }
    json!({
        "ruleId": problem.code.name, "level": level(problem.code.severity), "message": {"text": problem.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": problem.file}, "region": region}}],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
