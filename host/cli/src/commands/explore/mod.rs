//! `moonring explore`: every way through a call, judged and drawn.

mod allowed;
mod drawing;
mod gone;
mod hints;
mod shown;
mod starts;
mod tests_of_paths;
mod times;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use moonring_explore::{Budget, Finding, Plan, Report, WalkedPath, explore};
use moonring_spec::{Coverage, ProjectReplies};
use serde_json::Value;

use self::drawing::DrawingFile;
use self::hints::Hints;
use super::test::show_coverage;
use super::{FAILED, UNUSABLE, location};
use crate::judge::{Judged, judge};
use crate::phone_number::{FROM, TO, party, phone_number};
use crate::printer::Printer;
use crate::project::{Project, ProjectArguments};

/// Walk every way through a call.
#[derive(Args)]
#[command(
    about = "Walk every way through a call, before a caller does",
    long_about = "Plays your scripts with everything that callers, callees and other services may do: each key, a wrong key, silence, hanging up, busy, no answer, an action or a request that fails. It reports script errors, silence, loops without a way out, refused actions and more, each with the command that plays the call. The same walk gives the same report. A comment `-- moonring: allow KIND (reason)` allows a finding in its line or the next.",
    after_help = "\
Examples:
  moonring explore                           all ways through the scripts in ./scripts
  moonring explore office                    through scripts/office.lua
  moonring explore --graph call.svg          a picture; .html, .mmd, .dot and .json too
  moonring explore --graph call.svg --tested --recorded calls   in bold: what tests and calls go
  moonring explore --at '2026-12-25 09:00' --at '2026-06-01 22:00'
  moonring explore --from +12065550143       as a caller whom the script knows
  moonring explore --replies replies.json    what other services reply
  moonring explore --ask +12065550111        the paths on which this number rings
  moonring explore --to-line main.lua:48     the paths that reach this line
  moonring explore --coverage                lines and branches that no path reaches
  moonring explore --save-tests              a test for each path

Exit codes:
  0  nothing was found
  1  something was found that callers would meet; with --ask and --to-line, no path is there
  2  the command line or the scripts cannot be used"
)]
pub(crate) struct Explore {
    /// The script that answers: its name, its file, or a folder of scripts [default: as routes.lua
    /// says, else main]
    #[arg(value_name = "SCRIPT|DIR")]
    script: Option<String>,

    #[command(flatten)]
    project: ProjectArguments,

    /// Who calls; may be given several times [default: +12065550142; if scripts look at who calls, a
    /// caller without a number and numbers that config.json has as keys as well]
    #[arg(long, value_name = "+1…|WORD", value_parser = party)]
    from: Vec<String>,

    /// Who is called [default: +14255550117]
    #[arg(long, value_name = "+1…|WORD", value_parser = party)]
    to: Option<String>,

    /// When calls begin; may be given several times [default: a Monday at 10:00; where scripts ask
    /// for the time, a night, a weekend and a holiday too, and the hours that scripts name]
    #[arg(long, value_name = "TIME")]
    at: Vec<String>,

    /// The time zone of --at [default: as moonring.toml says, else UTC]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,

    /// A JSON file with the replies of other services [default: as moonring.toml says]
    #[arg(long, value_name = "FILE")]
    replies: Option<PathBuf>,

    /// What an update of a call says; may be given several times [default: nothing, and what is
    /// found behind an update is a note]
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    update: Vec<String>,

    /// What the scripts' own calls are made with; may be given several times [default: nothing, and
    /// what is found in such calls is a note where scripts read it]
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    argument: Vec<String>,

    /// Stop after this many seconds, and say what is left
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    budget: u64,

    /// Stop after this many answers of scripts
    #[arg(long, value_name = "NUMBER", default_value_t = 20_000)]
    answers: usize,

    /// Make at most this many choices in one call
    #[arg(long, value_name = "NUMBER", default_value_t = 60)]
    depth: usize,

    /// Draw the ways: a file ending in .svg, .html, .mmd, .dot or .json. May be given several times
    #[arg(long, value_name = "FILE")]
    graph: Vec<DrawingFile>,

    /// Draw in bold the ways that the specs of the scripts go
    #[arg(long, requires = "graph")]
    tested: bool,

    /// Draw in bold the ways of recorded calls: transcripts, or folders of them or of what a host
    /// has kept. May be given several times
    #[arg(long, value_name = "PATH", requires = "graph")]
    recorded: Vec<PathBuf>,

    /// Print the paths on which this number rings
    #[arg(long, value_name = "+1…", value_parser = phone_number)]
    ask: Option<String>,

    /// Print the paths that reach a line that says or does something, such as main.lua:48
    #[arg(long, value_name = "FILE:LINE", conflicts_with = "ask", value_parser = place)]
    to_line: Option<String>,

    /// Show which lines, branches and functions no path reaches
    #[arg(long)]
    coverage: bool,

    /// Write a test for each path into the spec of the script
    #[arg(long)]
    save_tests: bool,

    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,

    /// Print the findings as SARIF 2.1.0
    #[arg(long, conflicts_with = "json")]
    sarif: bool,
}

/// A pair of a command line, as it stands.
fn pair(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((name, _)) if !name.is_empty() && !text.contains(' ') => Ok(text.to_owned()),
        _ => Err("wanted NAME=VALUE, such as agent=+12065550101".to_owned()),
    }
}

/// A pair as an argument of a call.
fn argument(pair: &str) -> Option<(String, Value)> {
    let (name, value) = pair.split_once('=')?;
    Some((name.to_owned(), Value::from(value)))
}

/// A line of a script, as `FILE:LINE`.
fn place(text: &str) -> Result<String, String> {
    let is_place = text.rsplit_once(':').is_some_and(|(file, line)| {
        (file.ends_with(".lua") || file.ends_with(".luau")) && line.parse::<u32>().is_ok()
    });
    if is_place {
        Ok(text.to_owned())
    } else {
        Err("wanted FILE:LINE, such as main.lua:48".to_owned())
    }
}

/// The plan of a walk through the scripts of a project, where no command line says more.
///
/// # Errors
/// When a host would not accept the scripts.
pub(crate) fn plan_of(project: &Project) -> anyhow::Result<Plan> {
    let explore = Explore::usual();
    let settings = project.local_settings();
    let judged = judge(&project.location, &settings, project.script.as_deref(), None)?;
    let first = judged.problems.first().filter(|_| !judged.is_accepted);
    if let Some(problem) = first {
        anyhow::bail!("a host would not accept these scripts: {problem}");
    }
    explore.plan(project, &judged)
}

impl Explore {
    /// What a command line without any option says.
    fn usual() -> Self {
        Self {
            script: None,
            project: ProjectArguments::default(),
            from: Vec::new(),
            to: None,
            at: Vec::new(),
            zone: None,
            replies: None,
            update: Vec::new(),
            argument: Vec::new(),
            budget: 60,
            answers: 20_000,
            depth: 60,
            graph: Vec::new(),
            tested: false,
            recorded: Vec::new(),
            ask: None,
            to_line: None,
            coverage: false,
            save_tests: false,
            json: false,
            sarif: false,
        }
    }

    /// The plan of the walk.
    fn plan(&self, project: &Project, judged: &Judged) -> anyhow::Result<Plan> {
        let settings = project.local_settings();
        let source = location::open_blocking(&project.location)?;
        let hints = Hints::of(
            source.as_ref(),
            project.script.as_deref(),
            &judged.scripts,
            &settings.config,
        )?;
        Ok(Plan {
            source,
            script: project.script.clone(),
            starts: self.starts(project, &hints)?,
            digits: hints.digits,
            update: self.update.clone(),
            arguments: self.argument.iter().filter_map(|pair| argument(pair)).collect(),
            replies: self.replies(project)?,
            budget: Budget { answers: self.answers, depth: self.depth },
            command: self.command(project),
            usual_from: project.table.from.clone().unwrap_or_else(|| FROM.to_owned()),
            usual_to: project.table.to.clone().unwrap_or_else(|| TO.to_owned()),
            saves_tests: self.save_tests,
            settings,
        })
    }

    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let project = Project::open(&self.project, self.script.as_deref(), printer)?;
        let settings = project.local_settings();
        let judged = judge(&project.location, &settings, project.script.as_deref(), None)?;
        if !judged.is_accepted {
            judged.problems.iter().try_for_each(|problem| printer.data(&problem.to_string()))?;
            printer.error_text("no call was walked: a host would not accept these scripts");
            return Ok(UNUSABLE.into());
        }
        let plan = self.plan(&project, &judged)?;
        let report = {
            let _progress = printer.progress("walking the calls");
            let (began, most) = (Instant::now(), Duration::from_secs(self.budget));
            explore(&plan, &|_| began.elapsed() < most)?
        };
        let mut report = allowed::without_allowed(report, &judged.scripts);
        if self.json {
            report.paths.retain(|path| self.is_wanted(path));
        }
        if self.tested {
            gone::mark_tested(&mut report.graph, &project, printer)?;
        }
        if !self.recorded.is_empty() {
            gone::mark_recorded(&mut report.graph, &self.recorded, &project, printer)?;
        }
        for file in &self.graph {
            file.write(&report)?;
        }
        if self.save_tests {
            tests_of_paths::write(&report, &plan, &project, printer)?;
        }
        self.show(&report, printer)?;
        if self.coverage && !self.json && !self.sarif {
            let texts = judged.scripts.iter().map(|it| (it.file.clone(), it.text.clone()));
            let mut coverage = Coverage::of(texts.collect(), [&report.hits]);
            coverage.keep_met();
            show_coverage(&coverage, "path", printer)?;
        }
        let is_good = match (&self.ask, &self.to_line) {
            (None, None) => !report.findings.iter().any(Finding::is_error),
            _ => report.paths.iter().any(|path| self.is_wanted(path)),
        };
        Ok(if is_good { ExitCode::SUCCESS } else { FAILED.into() })
    }

    fn show(&self, report: &Report, printer: Printer) -> anyhow::Result<()> {
        match () {
            () if self.json => printer.answer(shown::json(report).to_string().as_bytes()),
            () if self.sarif => printer.answer(shown::sarif(report).to_string().as_bytes()),
            () => match (&self.ask, &self.to_line) {
                (None, None) => shown::findings(report, printer),
                (Some(number), _) => {
                    let nothing = format!("no path rings {number}");
                    shown::paths(report, |path| self.is_wanted(path), &nothing, printer)
                }
                (None, Some(line)) => {
                    let nothing = format!("no path says or does anything in {line}");
                    shown::paths(report, |path| self.is_wanted(path), &nothing, printer)
                }
            },
        }
    }

    /// Whether a path is looked for.
    fn is_wanted(&self, path: &WalkedPath) -> bool {
        match (&self.ask, &self.to_line) {
            (Some(number), _) => path.rings.iter().any(|rings| rings == number),
            (None, Some(line)) => path.places.iter().any(|place| place == line),
            (None, None) => true,
        }
    }

    fn replies(&self, project: &Project) -> anyhow::Result<Option<ProjectReplies>> {
        let Some(path) = self.replies.as_ref().or(project.table.replies.as_ref()) else {
            return Ok(None);
        };
        let text =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let replies = ProjectReplies { path: path.display().to_string(), text };
        replies.read()?;
        Ok(Some(replies))
    }

    /// How the command line of a call begins.
    fn command(&self, project: &Project) -> Vec<String> {
        let mut words = vec!["moonring".to_owned(), "call".to_owned()];
        words.extend(project.script.clone());
        if self.project.scripts.is_some() || self.script.is_some() {
            words.extend(["--scripts".to_owned(), project.location.to_string()]);
        }
        if let Some(profile) = &self.project.profile {
            words.extend(["--profile".to_owned(), profile.clone()]);
        }
        if let Some(replies) = &self.replies {
            words.extend(["--replies".to_owned(), replies.display().to_string()]);
        }
        words
    }
}
