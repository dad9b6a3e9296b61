//! Bots from a file: what they make of what a caller says.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use moonring_exchange::Intent;
use moonring_sim::Bot;
use serde_json::Value;

const WANTED: &str = "wanted {\"ARN\": {\"what the caller says\": {\"intent\": …, \"slots\": {…}, \"state\": \"ReadyForFulfillment\"}}}";

/// Bots by the ARN of their alias.
///
/// # Errors
/// When the file cannot be read, or is of another form.
pub(crate) fn read(path: &Path) -> anyhow::Result<BTreeMap<String, Bot>> {
    let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let all: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_slice(&text).with_context(|| format!("{}: {WANTED}", path.display()))?;
    let bot = |phrases: BTreeMap<String, Value>| {
        let intents = phrases.into_iter().map(|(words, made)| {
            let text = |name: &str| made[name].as_str().map(str::to_owned);
            let name = text("intent").with_context(|| {
                format!("{}: `{words}` has no intent; {WANTED}", path.display())
            })?;
            let slots = made["slots"].as_object().cloned().unwrap_or_default();
            let state = text("state").unwrap_or_else(|| "ReadyForFulfillment".to_owned());
            Ok((words.to_lowercase(), Intent { name, slots, state }))
        });
        Ok::<_, anyhow::Error>(Bot { intents: intents.collect::<anyhow::Result<_>>()? })
    };
    all.into_iter().map(|(arn, phrases)| Ok((arn, bot(phrases)?))).collect()
}
