//! `moonring explain`: what a code of `moonring check`, or a finding of `moonring explore`, means.

use std::process::ExitCode;

use clap::Args;
use moonring_check::{CODES, code_named};
use moonring_explore::{FindingKind, KINDS};

use crate::printer::Printer;

/// Explain a code of moonring check, or a finding of moonring explore.
#[derive(Args)]
#[command(
    about = "Explain a code of moonring check or a finding of moonring explore",
    long_about = "Prints what a code means, with a script that has the mistake and one that has not. Without a code, lists them all.",
    after_help = "\
Examples:
  moonring explain unchecked-result
  moonring explain                  all codes

Exit codes:
  0  it was printed
  2  there is no such code"
)]
pub(crate) struct Explain {
    /// The code, as a problem has it in brackets
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

impl Explain {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        match self.code {
            Some(name) => {
                // As people copy it.
                let name = name.trim_start_matches('[').trim_end_matches(']');
                if let Some(kind) = KINDS.iter().find(|kind| kind.name == name) {
                    printer.data(&told(kind))?;
                    return Ok(ExitCode::SUCCESS);
                }
                let code = code_named(name).map_err(anyhow::Error::msg)?;
                printer.data(code.page.trim_end())?;
            }
            None => {
                for code in CODES {
                    let summary = code
                        .page
                        .lines()
                        .find_map(|line| line.strip_prefix("**")?.strip_suffix("**"));
                    let summary = summary.unwrap_or_default();
                    printer.data(&format!(
                        "{:<20} {:<8} {summary}",
                        code.name,
                        code.severity.to_string()
                    ))?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A kind of finding of `moonring explore`, and how it is allowed.
fn told(kind: &FindingKind) -> String {
    let FindingKind { name, meaning, is_error } = kind;
    let severity = if *is_error { "an error" } else { "a note" };
    format!(
        "{meaning}\nIt is {severity} of `moonring explore`, which prints the command that plays the call.\nA comment allows it, in its line or the next: -- moonring: allow {name} (reason)"
    )
}
