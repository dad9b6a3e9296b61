//! `moonring check`: would a host accept these scripts?

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use moonring_check::Checker;
use moonring_runtime::{Checked, Settings, check};
use serde_json::json;

use super::{FAILED, location};
use crate::printer::Printer;

/// Check whether scripts can be released.
#[derive(Args)]
#[command(
    about = "Check whether scripts can be released",
    long_about = "Reads, compiles and loads every script once, as the host does before it accepts a release. Then judges the values that scripts give to methods, builders and helpers as they are written. Each problem is one line: file:line: message. No call is played.",
    after_help = "\
Examples:
  moonring check                       the scripts in ./scripts
  moonring check my-scripts            a folder, before you upload it
  moonring check s3://acme-ivr/live    what is deployed
  moonring check --json | jq .problems

Exit codes:
  0  a host would accept the scripts
  1  there are problems
  2  the command line or the scripts cannot be used"
)]
pub(crate) struct Check {
    /// Where the scripts are: a folder, or s3://bucket/prefix [default: $MOONRING_SCRIPTS, else
    /// ./scripts]
    #[arg(value_name = "DIR|s3://…")]
    scripts: Option<String>,

    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let settings = Settings::from_env()?;
        let location = location::find(self.scripts.as_deref(), &settings, "moonring check DIR")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let checked = runtime.context("cannot start the async runtime")?.block_on(async {
            let _progress = printer.progress(&format!("reading the scripts from {location}"));
            check(location::open(&location).await.as_ref(), &settings).await
        })?;
        // Of loading, as a host does it.
        let told = checked.problems.len();
        let checked = with_literals(checked)?;
        self.print(&checked, told, printer)?;
        Ok(if checked.problems.is_empty() { ExitCode::SUCCESS } else { FAILED.into() })
    }

    fn print(&self, checked: &Checked, told: usize, printer: Printer) -> anyhow::Result<()> {
        let Checked { release, files, problems, is_accepted, .. } = checked;
        if self.json {
            let problems: Vec<_> = problems
                .iter()
                .map(|problem| json!({"file": problem.file, "line": problem.line, "message": problem.message}))
                .collect();
            let result = json!({"release": release, "accepted": is_accepted, "files": files, "problems": problems});
            return printer.answer(result.to_string().as_bytes());
        }
        for problem in problems {
            printer.data(&problem.to_string())?;
        }
        match problems.len() {
            0 => printer.talk(&format!(
                "{files} files, release {}: no problems",
                release.as_deref().unwrap_or("-")
            )),
            count => {
                let count =
                    if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
                let what = match is_accepted {
                    true if told == 0 => {
                        "a host would accept this release, but calls would meet these problems"
                    }
                    true => {
                        "a host would accept this release, but not every script or release that its routes name"
                    }
                    false => "a host would keep serving the last good release",
                };
                printer.talk(&format!("{count}; {what}"));
            }
        }
        Ok(())
    }
}

/// The stack of the thread that reads scripts as text: the parser goes down as deep as a script is
/// nested, which Luau limits.
const STACK: usize = 256 << 20;

/// The problems of a check, and those that the text of the scripts alone shows. A file that cannot
/// be loaded has enough to be mended.
fn with_literals(checked: Checked) -> anyhow::Result<Checked> {
    let read = move || {
        let checker = Checker::new().map_err(anyhow::Error::msg)?;
        let mut problems = checked.problems;
        let failed: BTreeSet<String> =
            problems.iter().map(|problem| problem.file.clone()).collect();
        for script in checked.scripts.iter().filter(|script| !failed.contains(&script.file)) {
            problems.extend(checker.problems(&script.file, &script.text));
        }
        Ok(Checked { problems, scripts: checked.scripts, ..checked })
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(read);
    thread
        .context("cannot start a thread")?
        .join()
        .map_err(|_| anyhow::anyhow!("the scripts cannot be read as text; please report this"))?
}
