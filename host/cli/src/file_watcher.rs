//! Watches files: what `serve --watch` and `test --watch` have in common.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use notify::{EventKind, RecommendedWatcher};

/// After so long without another change all files are written.
pub(crate) const QUIET: Duration = Duration::from_millis(50);

/// What tells of files that change; its caller says which are watched.
///
/// # Errors
/// When files cannot be watched.
pub(crate) fn watcher(
    changed: impl Fn(Vec<PathBuf>) + Send + 'static,
) -> anyhow::Result<RecommendedWatcher> {
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
        {
            changed(event.paths);
        }
    });
    watcher.context("cannot watch files")
}
