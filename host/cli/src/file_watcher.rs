//! Watches files: what `dev`, `serve --watch` and `test --watch` have in common.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use notify::{Config, EventKind, PollWatcher, RecommendedWatcher, Watcher};

/// After so long without another change all files are written.
pub(crate) const QUIET: Duration = Duration::from_millis(50);
/// How often files are looked at that nobody tells of.
const POLL: Duration = Duration::from_millis(250);

/// What tells of files that change; its caller says which are watched.
///
/// # Errors
/// When files cannot be watched.
pub(crate) fn watcher(
    changed: impl Fn(Vec<PathBuf>) + Send + 'static,
) -> anyhow::Result<RecommendedWatcher> {
    notify::recommended_watcher(told(changed)).context("cannot watch files")
}

/// The same for file systems that tell of nothing, such as those of networks and containers: it
/// looks at the files four times a second.
///
/// # Errors
/// When files cannot be watched.
pub(crate) fn polling_watcher(
    changed: impl Fn(Vec<PathBuf>) + Send + 'static,
) -> anyhow::Result<Box<dyn Watcher>> {
    let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
    Ok(Box::new(PollWatcher::new(told(changed), config).context("cannot watch files")?))
}

fn told(
    changed: impl Fn(Vec<PathBuf>) + Send + 'static,
) -> impl Fn(notify::Result<notify::Event>) + Send + 'static {
    move |event| {
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
        {
            changed(event.paths);
        }
    }
}
