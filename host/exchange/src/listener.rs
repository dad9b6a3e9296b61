//! Keys that are listened for in the background, while other things go on (ReceiveDigits).

use std::time::Duration;

use moonring_wire::EventType;
use serde_json::{Map, Value, json};

use crate::dispatch::Owner;
use crate::leg::LegNumber;
use crate::lines::Lines;
use crate::outgoing_event::OutgoingEvent;
use crate::ticket::Ticket;

/// What is listened for on a leg.
#[derive(Debug)]
pub(crate) struct Listener {
    /// Those of the action, as events echo them.
    pub(crate) parameters: Map<String, Value>,
    pub(crate) pattern: fancy_regex::Regex,
    /// After so long without another key, what was pressed is looked at.
    pub(crate) between: Duration,
    /// After so long, what was pressed and fits nothing is forgotten.
    pub(crate) flush: Duration,
    pub(crate) keys: String,
    /// When the first of the keys was pressed.
    pub(crate) since: Duration,
    pub(crate) timer: Option<Ticket>,
}

impl Lines {
    /// A key that nothing asked for: kept for whoever listens in the background, else lost.
    pub(crate) fn overhear(&mut self, number: LegNumber, key: char) {
        let now = self.now;
        let listener = self.legs.iter_mut().find(|leg| leg.number == number);
        let Some(listener) = listener.and_then(|leg| leg.listener.as_mut()) else { return };
        if listener.keys.is_empty() {
            listener.since = now;
        }
        listener.keys.push(key);
        if let Some(timer) = listener.timer.take() {
            self.dispatch.stop(timer);
        }
        let after = listener.between.min((listener.since + listener.flush).saturating_sub(now));
        listener.timer = Some(self.dispatch.set_timer(Owner::Listener(number), after));
    }

    /// After the last key it was quiet: what matches is told, and what does not is forgotten in the
    /// end.
    pub(crate) fn listened(&mut self, number: LegNumber) {
        let now = self.now;
        let listener = self.legs.iter_mut().find(|leg| leg.number == number);
        let Some(listener) = listener.and_then(|leg| leg.listener.as_mut()) else { return };
        listener.timer = None;
        if listener.pattern.is_match(&listener.keys).unwrap_or(false) {
            let keys = std::mem::take(&mut listener.keys);
            let parameters = Value::Object(listener.parameters.clone());
            let data =
                json!({"ReceivedDigits": keys, "Type": "ReceiveDigits", "Parameters": parameters});
            return self.notify(OutgoingEvent::new(EventType::DigitsReceived, number, Some(data)));
        }
        let flushes_at = listener.since + listener.flush;
        if now >= flushes_at {
            listener.keys.clear();
        } else {
            let after = flushes_at - now;
            listener.timer = Some(self.dispatch.set_timer(Owner::Listener(number), after));
        }
    }
}
