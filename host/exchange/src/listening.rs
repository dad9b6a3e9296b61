//! Digits that nothing asked for: held against what is listened for in the background.

use moonring_wire::EventType;
use serde_json::{Value, json};

use crate::dispatch::Owner;
use crate::leg::LegNumber;
use crate::lines::Lines;
use crate::outgoing_event::OutgoingEvent;

impl Lines {
    /// A digit that nothing asked for: kept for whoever listens in the background, else lost.
    pub(crate) fn overhear(&mut self, number: LegNumber, digit: char) {
        let now = self.now;
        let listener = self.legs.iter_mut().find(|leg| leg.number == number);
        let Some(listener) = listener.and_then(|leg| leg.listener.as_deref_mut()) else { return };
        if listener.digits.is_empty() {
            listener.since = now;
        }
        listener.digits.push(digit);
        if let Some(timer) = listener.timer.take() {
            self.dispatch.stop(timer);
        }
        let after =
            listener.between.min(listener.since.saturating_add(listener.flush).saturating_sub(now));
        listener.timer = Some(self.dispatch.set_timer(Owner::Listener(number), after));
    }

    /// After the last digit it was quiet: what matches is told, and what does not is forgotten in
    /// the end.
    pub(crate) fn listened(&mut self, number: LegNumber) {
        let now = self.now;
        let listener = self.legs.iter_mut().find(|leg| leg.number == number);
        let Some(listener) = listener.and_then(|leg| leg.listener.as_deref_mut()) else { return };
        listener.timer = None;
        if listener.pattern.is_match(&listener.digits).unwrap_or(false) {
            let digits = std::mem::take(&mut listener.digits);
            let parameters = Value::Object(listener.parameters.clone());
            let data = json!({"ReceivedDigits": digits, "Type": "ReceiveDigits", "Parameters": parameters});
            return self.notify(OutgoingEvent::new(EventType::DigitsReceived, number, Some(data)));
        }
        let flushes_at = listener.since.saturating_add(listener.flush);
        if now >= flushes_at {
            listener.digits.clear();
        } else {
            let after = flushes_at - now;
            listener.timer = Some(self.dispatch.set_timer(Owner::Listener(number), after));
        }
    }
}
