//! `moonring check`: would a host accept these scripts, and would calls meet mistakes in them?

use std::process::ExitCode;

use clap::Args;
use moonring_check::{Diagnostic, LOAD, Severity};
use moonring_store::Location;
use serde_json::{Value, json};

use self::audio_files::audio_files;
use self::fixes::mend;
use self::sarif::sarif;
use super::FAILED;
use crate::judge::{Judged, judge};
use crate::printer::Printer;
use crate::project::{Project, ProjectArguments};

mod audio_files;
mod fixes;
mod sarif;

/// Check scripts for mistakes before anybody calls.
#[derive(Args)]
#[command(
    about = "Check scripts for mistakes before anybody calls",
    long_about = "Reads, compiles and loads every script once, as the host does before it accepts a release. Then reads their texts: names, values, options, results that may be nil, and more. Each problem is one line: file:line:column: severity[code]: message. `moonring explain CODE` says what a code means. A comment `-- moonring: allow CODE (reason)` allows a problem in its line or the next. No call is played.",
    after_help = "\
Examples:
  moonring check                       the scripts in ./scripts
  moonring check my-scripts            a folder, before you upload it
  moonring check scripts/greeter.lua   one script of a folder
  moonring check s3://acme-ivr/live    what is deployed
  moonring check --fix                 mend what can be mended safely
  moonring check --audio s3://acme-audio
  moonring check --json | jq .problems
  moonring check --sarif > check.sarif for GitHub code scanning

Exit codes:
  0  a host would accept the scripts, and there are no errors; with --strict, no warnings either
  1  there are problems
  2  the command line or the scripts cannot be used"
)]
pub(crate) struct Check {
    /// A folder of scripts, or one script by its file or name: then only its problems are shown
    #[arg(value_name = "SCRIPT|DIR|s3://…")]
    script: Option<String>,

    #[command(flatten)]
    project: ProjectArguments,

    /// Warnings count as errors
    #[arg(long)]
    strict: bool,

    /// Mend what can be mended safely, and show the rest
    #[arg(long)]
    fix: bool,

    /// Where the audio files are, as KEY or BUCKET/KEY; those that scripts name are looked for there
    /// [default: as moonring.toml says, else the folder prompts beside or among the scripts]
    #[arg(long, value_name = "DIR|s3://…")]
    audio: Option<Location>,

    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,

    /// Print the result as SARIF 2.1.0
    #[arg(long, conflicts_with = "json")]
    sarif: bool,
}

impl Check {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let project = Project::open(&self.project, self.script.as_deref(), printer)?;
        let location = project.location.clone();
        let audio = audio_files(self.audio.as_ref(), &project)?;
        let look = || {
            let _progress = printer.progress(&format!("reading the scripts from {location}"));
            judge(&location, &project.settings, project.script.as_deref(), audio.as_ref())
        };
        let mut judged = look()?;
        if self.fix {
            let Location::Folder(folder) = &location else {
                anyhow::bail!("--fix writes files, and {location} is not a folder");
            };
            let mended = mend(folder, &judged)?;
            if mended > 0 {
                printer.talk(&format!("mended {}", count_of(mended, "problem")));
                judged = look()?;
            }
        }
        let elsewhere = project.script.as_deref().map_or(0, |script| {
            let all = judged.problems.len();
            let is_of_it = |file: &str| without_ending(file) == script;
            judged.problems.retain(|problem| is_of_it(&problem.file));
            all - judged.problems.len()
        });
        self.print(&judged, printer)?;
        if elsewhere > 0 {
            printer.talk(&format!(
                "{elsewhere} more in other files; `moonring check {location}` shows them"
            ));
        }
        let counts = |problem: &Diagnostic| self.strict || problem.code.severity == Severity::Error;
        let is_good = !judged.problems.iter().any(counts) && (elsewhere == 0 || judged.is_accepted);
        Ok(if is_good { ExitCode::SUCCESS } else { FAILED.into() })
    }

    fn print(&self, judged: &Judged, printer: Printer) -> anyhow::Result<()> {
        let Judged { release, files, problems, .. } = judged;
        if self.json {
            let problems: Vec<Value> = problems.iter().map(told).collect();
            let result = json!({"release": release, "accepted": judged.is_accepted, "files": files, "problems": problems});
            return printer.answer(result.to_string().as_bytes());
        }
        if self.sarif {
            return printer.answer(sarif(problems).to_string().as_bytes());
        }
        for problem in problems {
            printer.data(&problem.to_string())?;
        }
        if problems.is_empty() {
            let release = release.as_deref().unwrap_or("-");
            let files = count_of(*files, "file");
            printer.talk(&format!("{files}, release {release}: no problems"));
            return Ok(());
        }
        let is_warning = |problem: &&Diagnostic| problem.code.severity == Severity::Warning;
        let warnings = problems.iter().filter(is_warning).count();
        let count = match (problems.len() - warnings, warnings) {
            (0, warnings) => count_of(warnings, "warning"),
            (errors, 0) => count_of(errors, "problem"),
            (errors, warnings) => {
                format!("{} and {}", count_of(errors, "problem"), count_of(warnings, "warning"))
            }
        };
        let what = match judged.is_accepted {
            true if warnings == problems.len() => "a host would accept this release",
            true if judged.told_by_loading == 0 => {
                "a host would accept this release, but calls would meet these problems"
            }
            true => {
                "a host would accept this release, but not every script or release that its routes name"
            }
            false => "a host would keep serving the last good release",
        };
        printer.talk(&format!("{count}; {what}"));
        // What loading says is all that there is to say of it.
        if let Some(first) = problems.iter().find(|problem| *problem.code != LOAD) {
            let code = first.code.name;
            printer.talk(&format!("`moonring explain {code}` says more"));
        }
        Ok(())
    }
}

/// A problem as programs read it.
fn told(problem: &Diagnostic) -> Value {
    let (line, column) = (problem.line(), problem.at.and_then(|at| at.column));
    json!({
        "file": problem.file, "line": line, "column": column, "severity": problem.code.severity.to_string(),
        "code": problem.code.name, "message": problem.message, "fixable": problem.fix.is_some(),
    })
}

fn count_of(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn without_ending(file: &str) -> &str {
    file.strip_suffix(".lua").or_else(|| file.strip_suffix(".luau")).unwrap_or(file)
}
