//! `moonring check`: would a host accept these scripts?

use std::process::ExitCode;

use clap::Args;
use moonring_runtime::Checked;
use serde_json::json;

use super::FAILED;
use crate::judge::{Judged, judge};
use crate::printer::Printer;
use crate::project::{Project, ProjectArguments};

/// Check whether scripts can be released.
#[derive(Args)]
#[command(
    about = "Check whether scripts can be released",
    long_about = "Reads, compiles and loads every script once, as the host does before it accepts a release. Then judges the values that scripts give to methods, builders and helpers as they are written. Each problem is one line: file:line: message. No call is played.",
    after_help = "\
Examples:
  moonring check                       the scripts in ./scripts
  moonring check my-scripts            a folder, before you upload it
  moonring check scripts/greeter.lua   one script of a folder
  moonring check s3://acme-ivr/live    what is deployed
  moonring check --json | jq .problems

Exit codes:
  0  a host would accept the scripts
  1  there are problems
  2  the command line or the scripts cannot be used"
)]
pub(crate) struct Check {
    /// A folder of scripts, or one script by its file or name: then only its problems are shown
    #[arg(value_name = "SCRIPT|DIR|s3://…")]
    script: Option<String>,

    #[command(flatten)]
    project: ProjectArguments,

    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let project = Project::open(&self.project, self.script.as_deref(), printer)?;
        let (location, settings) = (project.location, project.settings);
        let progress = printer.progress(&format!("reading the scripts from {location}"));
        let judged = judge(&location, &settings, project.script.as_deref())?;
        drop(progress);
        let Judged { mut checked, told_by_loading: told } = judged;
        let elsewhere = project.script.as_deref().map_or(0, |script| {
            let all = checked.problems.len();
            let is_of_it = |file: &str| without_ending(file) == script;
            checked.problems.retain(|problem| is_of_it(&problem.file));
            all - checked.problems.len()
        });
        self.print(&checked, told, printer)?;
        if elsewhere > 0 {
            printer.talk(&format!(
                "{elsewhere} more in other files; `moonring check {location}` shows them"
            ));
        }
        let is_good = checked.problems.is_empty() && (elsewhere == 0 || checked.is_accepted);
        Ok(if is_good { ExitCode::SUCCESS } else { FAILED.into() })
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

fn without_ending(file: &str) -> &str {
    file.strip_suffix(".lua").or_else(|| file.strip_suffix(".luau")).unwrap_or(file)
}
