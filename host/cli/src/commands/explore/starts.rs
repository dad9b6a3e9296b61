//! How the calls of a walk begin: who calls, and when.

use std::collections::BTreeSet;

use anyhow::Context as _;
use moonring_exchange::is_phone_number;
use moonring_explore::Start;
use moonring_runtime::ScriptText;
use serde_json::Value;

use super::Explore;
use crate::phone_number::{FROM, TO};
use crate::project::Project;

/// A Monday, a night, a Sunday and a holiday.
const TIMES: [&str; 4] =
    ["2026-06-01 10:00", "2026-06-01 22:30", "2026-06-07 11:00", "2026-12-25 09:00"];
/// The most callers that config.json names.
const KNOWN: usize = 4;
/// What the network says of a caller who does not show a number.
const ANONYMOUS: &str = "anonymous";

impl Explore {
    /// How calls begin: the usual way first.
    ///
    /// # Errors
    /// When a time is no time.
    pub(super) fn starts(
        &self,
        project: &Project,
        scripts: &[ScriptText],
    ) -> anyhow::Result<Vec<Start>> {
        let table = &project.table;
        let own = table.from.clone().unwrap_or_else(|| FROM.to_owned());
        let to = self.to.clone().or_else(|| table.to.clone()).unwrap_or_else(|| TO.to_owned());
        let zone = self.zone.clone().or_else(|| table.zone.clone());
        let zone = zone.unwrap_or_else(|| "UTC".to_owned());
        let is_in_a_script = |word: &str| scripts.iter().any(|script| script.text.contains(word));
        let mut from = self.from.clone();
        if from.is_empty() {
            from.push(own);
            // Who calls makes a difference only to scripts that look.
            if is_in_a_script(".from") {
                from.extend(known_numbers(&project.settings.config, scripts));
                from.push(ANONYMOUS.to_owned());
            }
        }
        let asks_for_time = ["time.", "@std/hours"].iter().any(|word| is_in_a_script(word));
        let mut at = self.at.clone();
        if at.is_empty() {
            let count = if asks_for_time { TIMES.len() } else { 1 };
            at.extend(TIMES.iter().take(count).map(|time| (*time).to_owned()));
        }
        let mut starts = Vec::new();
        for at in &at {
            let at_ms = moonring_spec::at_ms(at, Some(&zone), day()?).context("--at")?;
            for from in &from {
                let (from, to, at) = (from.clone(), to.clone(), at.clone());
                // The command line says the zone as well where it matters.
                starts.push(Start { from, to, at_ms, at: asks_for_time.then_some(at) });
            }
        }
        // Who else calls is asked only at the first time.
        let first = starts.first().map(|start| start.at_ms);
        let usual = starts.first().map(|start| start.from.clone());
        if self.from.is_empty() {
            starts
                .retain(|start| Some(start.at_ms) == first || Some(&start.from) == usual.as_ref());
        }
        Ok(starts)
    }
}

/// A time without a day is one of the same day as all others.
fn day() -> anyhow::Result<u64> {
    Ok(moonring_spec::at_ms("2026-06-01 10:00", Some("UTC"), 0)?)
}

/// Numbers by which scripts look up who calls: the keys of tables in the config.
fn known_numbers(
    config: &serde_json::Map<String, Value>,
    scripts: &[ScriptText],
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(&Value::Object(config.clone()), &mut found);
    for script in scripts.iter().filter(|script| script.file.ends_with("config.json")) {
        if let Ok(value) = serde_json::from_str(&script.text) {
            collect(&value, &mut found);
        }
    }
    found.into_iter().take(KNOWN).collect()
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.keys().filter(|key| is_phone_number(key)).cloned());
            fields.values().for_each(|value| collect(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}
