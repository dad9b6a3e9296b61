//! `moonring explain`: what a code of `moonring check` means.

use std::process::ExitCode;

use clap::Args;
use moonring_check::{CODES, code_named};

use crate::printer::Printer;

/// Explain a code of moonring check.
#[derive(Args)]
#[command(
    about = "Explain a code of moonring check",
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
