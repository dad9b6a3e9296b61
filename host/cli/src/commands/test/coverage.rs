//! What of the scripts the tests have run, as text and as an lcov file.

use std::fmt::Write as _;

use moonring_spec::{Coverage, FileCoverage};

use super::files::Specs;
use crate::printer::{Hue, Printer};

/// Shows a table, a line a file, and what no test, or no path, has met.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn show(coverage: &Coverage, what: &str, printer: Printer) -> anyhow::Result<()> {
    let longest = coverage.files.keys().map(String::len).max().unwrap_or(0).max(6);
    printer
        .data(&format!("\n{:<longest$}   lines  branches  lines that no {what} runs", "script"))?;
    for (name, file) in &coverage.files {
        let FileCoverage { branches, .. } = file;
        let gone = format!("{}/{}", file.branches_gone(), branches.len());
        let (percent, missed) = (file.percent(), file.lines_missed());
        let line = format!("{name:<longest$}  {percent:>5.1}%  {gone:>8}  {missed}");
        let hue = if file.lines_run() < file.lines.len() { Hue::Caller } else { Hue::Plain };
        printer.coloured_data(line.trim_end(), hue)?;
    }
    printer.data(&format!("{:<longest$}  {:>5.1}%", "all", coverage.percent()))?;
    let untaken = coverage.untaken();
    if !untaken.is_empty() {
        printer.data(&format!("\nno {what} reaches"))?;
        for one in untaken {
            printer.data(&format!("  {}: {}", one.place, one.what))?;
        }
    }
    Ok(())
}

/// An lcov file, as editors and coverage services read it.
pub(super) fn lcov(coverage: &Coverage, specs: &Specs) -> String {
    let mut lcov = String::new();
    for (name, file) in &coverage.files {
        let _ = writeln!(lcov, "TN:\nSF:{}", specs.path(name));
        for function in &file.functions {
            let _ = writeln!(lcov, "FN:{},{}", function.line, function.name);
            let _ = writeln!(lcov, "FNDA:{},{}", function.hits, function.name);
        }
        let called = file.functions.iter().filter(|function| function.hits > 0).count();
        let _ = writeln!(lcov, "FNF:{}\nFNH:{called}", file.functions.len());
        for (number, branch) in file.branches.iter().enumerate() {
            let _ = writeln!(lcov, "BRDA:{},0,{number},{}", branch.line, branch.hits);
        }
        let _ = writeln!(lcov, "BRF:{}\nBRH:{}", file.branches.len(), file.branches_gone());
        for (line, hits) in &file.lines {
            let _ = writeln!(lcov, "DA:{line},{hits}");
        }
        let _ = writeln!(lcov, "LF:{}\nLH:{}\nend_of_record", file.lines.len(), file.lines_run());
    }
    lcov
}
