//! SARIF 2.1.0, which code hosts show beside the lines.

use serde_json::{Value, json};

/// A report of this tool with these rules and results.
pub(crate) fn sarif(tool: &str, rules: &[Value], results: &[Value]) -> Value {
    json!({
        "version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{
            "tool": {"driver": {"name": tool, "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints", "results": results,
        }],
    })
}
