//! Judges scripts as a host does before it accepts a release, and by their text alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context as _;
use moonring_check::{
    Checker, Diagnostic, LOAD, Severity, Surroundings, luau_instead, module_members,
};
use moonring_runtime::{Checked, Problem, ScriptText, Settings, check};
use moonring_store::{Location, Source};

use crate::commands::location;
use crate::printer::Printer;
use crate::project::Project;
use crate::standard_modules::standard_members;

/// The stack of the thread that reads scripts as text: the parser goes down as deep as a script is
/// nested, which Luau limits.
const STACK: usize = 256 << 20;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The id the release would have; `None` where its files could not even be taken.
    pub(crate) release: Option<String>,
    /// Whether a host would accept it.
    pub(crate) is_accepted: bool,
    /// How many files it has.
    pub(crate) files: usize,
    pub(crate) scripts: Vec<ScriptText>,
    /// What is wrong: first what loading tells, as a host loads a release.
    pub(crate) problems: Vec<Diagnostic>,
    /// How many of them loading has told.
    pub(crate) told_by_loading: usize,
}

/// Judges the scripts of a place; `script` is the one that answers all calls, where one does, and
/// `audio` are the audio files, where they are known. Waits for it.
///
/// # Errors
/// When the place cannot be read.
pub(crate) fn judge(
    location: &Location,
    settings: &Settings,
    script: Option<&str>,
    audio: Option<&BTreeSet<String>>,
) -> anyhow::Result<Judged> {
    judge_source(location::open_blocking(location)?, settings, script, audio)
}

/// The same for a source.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn judge_source(
    source: Arc<dyn Source>,
    settings: &Settings,
    script: Option<&str>,
    audio: Option<&BTreeSet<String>>,
) -> anyhow::Result<Judged> {
    let (settings, script, audio) = (settings.clone(), script.map(str::to_owned), audio.cloned());
    let read = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("cannot start the async runtime")?;
        let checked = runtime.block_on(check(source.as_ref(), &settings, script.as_deref()))?;
        with_texts(checked, &settings, audio.as_ref())
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(read);
    thread
        .context("cannot start a thread")?
        .join()
        .map_err(|_| anyhow::anyhow!("the scripts cannot be read as text; please report this"))?
}

/// The problems of a check, and those that the text of the scripts alone shows. A file that cannot
/// be loaded has enough to be mended.
fn with_texts(
    checked: Checked,
    settings: &Settings,
    audio: Option<&BTreeSet<String>>,
) -> anyhow::Result<Judged> {
    let checker = Checker::new().map_err(anyhow::Error::msg)?;
    let Checked { release, is_accepted, files, config, scripts, problems: loading } = checked;
    let failed: BTreeSet<String> = loading.iter().map(|problem| problem.file.clone()).collect();
    let told_by_loading = loading.len();
    let mut problems: Vec<Diagnostic> = loading
        .into_iter()
        .map(|Problem { file, line, message }| {
            let instead = line_of(&scripts, &file, line).map(luau_instead).unwrap_or_default();
            Diagnostic::in_line(&LOAD, file, line, format!("{message}{instead}"))
        })
        .collect();
    let names: Vec<String> = scripts.iter().map(|script| script.file.clone()).collect();
    let members = |script: &ScriptText| Some((script.file.clone(), module_members(&script.text)?));
    let mut modules = standard_members();
    modules.extend(scripts.iter().filter_map(members));
    for script in scripts.iter().filter(|script| !failed.contains(&script.file)) {
        // A release behind an alias has a config of its own.
        let config = config.as_ref().filter(|_| !script.file.starts_with('@'));
        // A script of an alias names scripts of its own release.
        let files = if script.file.starts_with('@') { &[][..] } else { &names[..] };
        let surroundings = Surroundings {
            config,
            aws_allow: &settings.aws_allow,
            http_allow: &settings.http_allow,
            files,
            modules: Some(&modules),
            audio,
        };
        problems.extend(checker.problems(&script.file, &script.text, surroundings));
    }
    Ok(Judged { release, is_accepted, files, scripts, problems, told_by_loading })
}

/// The text of a line of a script.
fn line_of<'a>(scripts: &'a [ScriptText], file: &str, line: Option<u32>) -> Option<&'a str> {
    let script = scripts.iter().find(|script| script.file == file)?;
    let index = usize::try_from(line?.checked_sub(1)?).ok()?;
    script.text.lines().nth(index)
}

/// Says before a call which files have mistakes, one line for each. What cannot be judged is told
/// elsewhere.
pub(crate) fn warn_of_problems(project: &Project, printer: Printer) {
    let Some(_) = project.folder() else { return };
    let judged = judge(&project.location, &project.settings, project.script.as_deref(), None);
    let Ok(Judged { problems, told_by_loading, .. }) = judged else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    // What loading tells, the host itself says.
    for problem in problems.iter().skip(told_by_loading) {
        if problem.code.severity == Severity::Error {
            *counts.entry(&problem.file).or_default() += 1;
        }
    }
    for (file, count) in counts {
        let what = if count == 1 { "a problem".to_owned() } else { format!("{count} problems") };
        printer.warning(&format!(
            "{file} has {what}; `moonring check` shows {}",
            if count == 1 { "it" } else { "them" }
        ));
    }
}
