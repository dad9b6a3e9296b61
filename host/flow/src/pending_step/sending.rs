//! What is sent of a step: all of it, or what is left of it.

use std::time::Duration;

use moonring_wire::Action;
use serde_json::Value;

use super::{PendingStep, PlacedAction};
use crate::limits::ACTIONS;

impl PendingStep {
    /// The actions that are sent from one of them on, `waited` being how long the step waits
    /// already. What was queued goes alone where it is too much with the method's own. Where a
    /// `wait` has a time, its silence lasts no longer than what is left of that: so the text goes
    /// alone, since nobody knows how long it takes to say it.
    pub fn from(&self, first: usize, waited: Duration) -> Vec<PlacedAction> {
        let mut list = self.actions.get(first..).unwrap_or_default().to_vec();
        if list.len() > ACTIONS {
            list.truncate(self.queued().saturating_sub(first));
            return list;
        }
        if let Some(most) = self.waits.timeout.filter(|_| self.waits.is_silence_in_parts) {
            shorten(&mut list, most.saturating_sub(waited));
            return list;
        }
        let left =
            self.waits.timeout.map(|most| most.saturating_sub(waited)).filter(|_| self.waits.says);
        if left.is_some() && list.len() > 1 {
            list.pop();
        } else if let (Some(left), Some(last)) = (left, list.last_mut())
            && let Some(Value::Object(parameters)) = &mut last.action.parameters
            && let Some(ms) = parameters.get("DurationInMilliseconds").and_then(Value::as_u64)
        {
            let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            parameters.insert("DurationInMilliseconds".to_owned(), ms.min(left.max(1)).into());
        }
        list
    }

    /// How long the silence of one list is.
    pub(super) fn silence(&self) -> Duration {
        let pauses = self.own_actions().filter(|action| action.action_type == "Pause");
        pauses.filter_map(length_of).sum()
    }
}

/// How long a pause is.
fn length_of(pause: &Action) -> Option<Duration> {
    let ms = pause.parameters.as_ref()?.get("DurationInMilliseconds")?.as_u64()?;
    Some(Duration::from_millis(ms))
}

/// Takes away of the pauses at the end of a list what is longer than this, but for a moment.
fn shorten(list: &mut Vec<PlacedAction>, left: Duration) {
    let is_pause = |placed: &PlacedAction| placed.action.action_type == "Pause";
    let first = list.iter().rposition(|placed| !is_pause(placed)).map_or(0, |last| last + 1);
    let mut left = left.max(Duration::from_millis(1));
    let mut kept = first;
    for placed in list.iter_mut().skip(first) {
        let Some(length) = length_of(&placed.action).filter(|_| !left.is_zero()) else { break };
        let length = length.min(left);
        left -= length;
        kept += 1;
        if let Some(Value::Object(parameters)) = &mut placed.action.parameters {
            let ms = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
            parameters.insert("DurationInMilliseconds".to_owned(), ms.into());
        }
    }
    list.truncate(kept);
}
