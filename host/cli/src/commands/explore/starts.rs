//! How the calls of a walk begin: who calls, and when.

use anyhow::Context as _;
use moonring_explore::{At, CalleeDoes, Direction, Start};

use super::Explore;
use super::hints::Hints;
use crate::phone_number::{FROM, TO};
use crate::project::Project;

/// What the network says of a caller who does not show a number.
const ANONYMOUS: &str = "anonymous";

impl Explore {
    /// How calls begin: the usual way first.
    ///
    /// # Errors
    /// When a time is no time.
    pub(super) fn starts(&self, project: &Project, hints: &Hints) -> anyhow::Result<Vec<Start>> {
        let table = &project.table;
        let own = table.from.clone().unwrap_or_else(|| FROM.to_owned());
        let to = self.to.clone().or_else(|| table.to.clone()).unwrap_or_else(|| TO.to_owned());
        let zone = self.zone.clone().or_else(|| table.zone.clone()).or_else(|| hints.zone.clone());
        let zone = zone.unwrap_or_else(|| "UTC".to_owned());
        let mut from = self.from.clone();
        if from.is_empty() {
            from.push(own);
            // Who calls makes a difference only to scripts that look.
            if hints.asks_who_calls {
                from.extend(hints.numbers.iter().cloned());
                from.push(ANONYMOUS.to_owned());
            }
        }
        let asks_for_time = hints.asks_for_time;
        let mut at = self.at.clone();
        if at.is_empty() {
            let count = if asks_for_time { usize::MAX } else { 1 };
            at.extend(hints.times.iter().take(count).cloned());
        }
        let tells_time = asks_for_time || !self.at.is_empty();
        let mut starts = Vec::new();
        for at in &at {
            let at_ms = moonring_spec::at_ms(at, Some(&zone), day()?).context("--at")?;
            for from in &from {
                let (from, to) = (from.clone(), to.clone());
                let at = At { time: at.clone(), zone: zone.clone() };
                let direction = Direction::Inbound;
                starts.push(Start { from, to, at_ms, at: tells_time.then_some(at), direction });
            }
        }
        // Who else calls is asked only at the first time.
        let first = starts.first().map(|start| start.at_ms);
        let usual = starts.first().map(|start| start.from.clone());
        if self.from.is_empty() {
            starts
                .retain(|start| Some(start.at_ms) == first || Some(&start.from) == usual.as_ref());
        }
        // Routes lead calls by who calls, or whom; their scripts look at the time too.
        if let Some(usual) = usual.filter(|_| project.script.is_none()) {
            let at_each_time = starts.iter().filter(|start| start.from == usual);
            for start in at_each_time.cloned().collect::<Vec<_>>() {
                for number in &hints.routed {
                    let (from, to) = (number.clone(), number.clone());
                    starts.push(Start { to, ..start.clone() });
                    starts.push(Start { from, ..start.clone() });
                }
            }
        }
        if hints.is_outbound {
            let reads_arguments = hints.reads_arguments && self.argument.is_empty();
            let usual = starts.first().cloned();
            if hints.is_only_outbound {
                starts.clear();
            }
            for answer in [CalleeDoes::Answers, CalleeDoes::IsBusy, CalleeDoes::Ignores] {
                let direction = Direction::Outbound { reads_arguments, answer };
                starts.extend(usual.clone().map(|start| Start { direction, ..start }));
            }
        }
        Ok(starts)
    }
}

/// A time without a day is one of the same day as all others.
fn day() -> anyhow::Result<u64> {
    Ok(moonring_spec::at_ms("2026-06-01 10:00", Some("UTC"), 0)?)
}
