//! Bots: what they make of what a caller says.

use std::collections::BTreeMap;

use moonring_exchange::Intent;
use moonring_sim::Bot;
use serde_json::Value;

/// How bots are written.
pub const BOTS_WANTED: &str = "wanted {\"ARN\": {\"what the caller says\": {\"intent\": …, \"slots\": {…}, \"state\": \"ReadyForFulfillment\"}}}";

/// Words of which a bot makes no intent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` has no intent; {BOTS_WANTED}")]
pub struct NoIntent(String);

/// A bot by what callers say to it.
///
/// # Errors
/// When words have no intent.
pub fn bot(phrases: BTreeMap<String, Value>) -> Result<Bot, NoIntent> {
    let intents = phrases.into_iter().map(|(words, made)| {
        let text = |name: &str| made[name].as_str().map(str::to_owned);
        let name = text("intent").ok_or_else(|| NoIntent(words.clone()))?;
        let slots = made["slots"].as_object().cloned().unwrap_or_default();
        let state = text("state").unwrap_or_else(|| "ReadyForFulfillment".to_owned());
        Ok((words.to_lowercase(), Intent { name, slots, state }))
    });
    Ok(Bot { intents: intents.collect::<Result<_, NoIntent>>()? })
}
