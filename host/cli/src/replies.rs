//! Canned replies from a file.

use std::path::PathBuf;

use anyhow::Context as _;
use moonring_spec::CannedReplies;

/// The file that the command line names, else the project.
///
/// # Errors
/// When it cannot be used.
pub(crate) fn open(
    said: Option<&PathBuf>,
    project: Option<&PathBuf>,
) -> anyhow::Result<Option<CannedReplies>> {
    let Some(path) = said.or(project) else { return Ok(None) };
    let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Some(CannedReplies::parse(&path.display().to_string(), &text)?))
}
