//! Bots from a file.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use moonring_sim::Bot;
use moonring_spec::{BOTS_WANTED, bot};
use serde_json::Value;

/// Bots by the ARN of their alias.
///
/// # Errors
/// When the file cannot be read, or is of another form.
pub(crate) fn read(path: &Path) -> anyhow::Result<BTreeMap<String, Bot>> {
    let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let all: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_slice(&text)
        .with_context(|| format!("{}: {BOTS_WANTED}", path.display()))?;
    let read = |phrases| bot(phrases).with_context(|| path.display().to_string());
    all.into_iter().map(|(arn, phrases)| Ok((arn, read(phrases)?))).collect()
}
