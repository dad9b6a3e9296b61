//! Judges scripts as a host does before it accepts a release, and by their text alone.

use std::collections::BTreeSet;

use anyhow::Context as _;
use moonring_check::{Checker, Surroundings};
use moonring_runtime::{Checked, Settings, check};
use moonring_store::Location;

use crate::commands::location;

/// The stack of the thread that reads scripts as text: the parser goes down as deep as a script is
/// nested, which Luau limits.
const STACK: usize = 256 << 20;

/// What was found.
pub(crate) struct Judged {
    pub(crate) checked: Checked,
    /// How many of its problems loading has told, as a host loads a release.
    pub(crate) told_by_loading: usize,
}

/// Judges the scripts of a place; `script` is the one that answers all calls, where one does. Waits
/// for it.
///
/// # Errors
/// When the place cannot be read.
pub(crate) fn judge(
    location: &Location,
    settings: &Settings,
    script: Option<&str>,
) -> anyhow::Result<Judged> {
    let (location, settings) = (location.clone(), settings.clone());
    let script = script.map(str::to_owned);
    let read = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let checked = runtime.context("cannot start the async runtime")?.block_on(async {
            let source = location::open(&location).await;
            check(source.as_ref(), &settings, script.as_deref()).await
        })?;
        let told_by_loading = checked.problems.len();
        let checked = with_literals(checked, &settings.aws_allow)?;
        Ok(Judged { checked, told_by_loading })
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(read);
    thread
        .context("cannot start a thread")?
        .join()
        .map_err(|_| anyhow::anyhow!("the scripts cannot be read as text; please report this"))?
}

/// The problems of a check, and those that the text of the scripts alone shows. A file that cannot
/// be loaded has enough to be mended.
fn with_literals(checked: Checked, aws_allow: &[String]) -> anyhow::Result<Checked> {
    let checker = Checker::new().map_err(anyhow::Error::msg)?;
    let mut problems = checked.problems;
    let failed: BTreeSet<String> = problems.iter().map(|problem| problem.file.clone()).collect();
    for script in checked.scripts.iter().filter(|script| !failed.contains(&script.file)) {
        // A release behind an alias has a config of its own.
        let config = checked.config.as_ref().filter(|_| !script.file.starts_with('@'));
        let surroundings = Surroundings { config, aws_allow };
        problems.extend(checker.problems(&script.file, &script.text, surroundings));
    }
    Ok(Checked { problems, scripts: checked.scripts, ..checked })
}
