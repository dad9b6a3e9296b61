//! ReceiveDigits: keys are listened for in the background.

use std::time::Duration;

use fancy_regex::Regex;
use moonring_wire::EventType;
use serde_json::{Value, json};

use super::{ActionSpec, Failure, Parameters, Part, Progress, Ready, Reports, RunningAction};
use crate::call::Call;
use crate::event_queue::Scheduled;
use crate::invocation::OutgoingEvent;
use crate::leg::Listener;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "ReceiveDigits",
    answers: false,
    reports: Reports::OnlyLast,
    is_interruptible: false,
    perform,
};

fn perform(parameters: &mut Parameters, part: Part, _: &mut Call) -> Ready {
    let pattern = parameters.text("InputDigitsRegex").and_then(|pattern| Regex::new(pattern).ok());
    let pattern = pattern.ok_or_else(|| Failure::value_of("InputDigitsRegex"))?;
    let time = |name: &str| {
        parameters.milliseconds(name).ok().flatten().ok_or_else(|| Failure::value_of(name))
    };
    let between = time("InBetweenDigitsDurationInMilliseconds")?;
    let flush = time("FlushDigitsDurationInMilliseconds")?;
    if flush < between {
        return Err(Failure::value_of("FlushDigitsDurationInMilliseconds"));
    }
    let listener = Listener {
        parameters: parameters.0.clone(),
        pattern,
        between,
        flush,
        keys: String::new(),
        since: Duration::ZERO,
        number: 0,
    };
    Ok(Box::new(Listening { part, listener: Some(listener) }))
}

#[derive(Debug)]
struct Listening {
    part: Part,
    listener: Option<Listener>,
}

impl RunningAction for Listening {
    fn begin(&mut self, call: &mut Call) -> Progress {
        call.legs[self.part.leg].listener = self.listener.take();
        Progress::done_with("ReceivedDigits", json!(""))
    }
}

impl Call {
    /// A key that nothing asked for: kept for whoever listens in the background, else lost.
    pub(crate) fn overhear(&mut self, leg: usize, key: char) {
        let now = self.now;
        let Some(listener) = self.legs[leg].listener.as_mut() else { return };
        if listener.keys.is_empty() {
            listener.since = now;
        }
        listener.keys.push(key);
        self.timers += 1;
        listener.number = self.timers;
        let number = listener.number;
        let at = (now + listener.between).min(listener.since + listener.flush);
        self.event_queue.add(at, Scheduled::Listened { leg, number });
    }

    /// After the last key it was quiet: what matches is told, and what does not is forgotten in the
    /// end.
    pub(crate) fn listened(&mut self, leg: usize, number: u64) {
        let now = self.now;
        let Some(listener) =
            self.legs[leg].listener.as_mut().filter(|listener| listener.number == number)
        else {
            return;
        };
        if listener.pattern.is_match(&listener.keys).unwrap_or(false) {
            let keys = std::mem::take(&mut listener.keys);
            let parameters = Value::Object(listener.parameters.clone());
            let data = json!({"ReceivedDigits": keys, "Type": ROLE.name, "Parameters": parameters});
            return self.notify(OutgoingEvent::new(EventType::DigitsReceived, leg, Some(data)));
        }
        let flushes_at = listener.since + listener.flush;
        if now >= flushes_at {
            listener.keys.clear();
        } else {
            self.event_queue.add(flushes_at, Scheduled::Listened { leg, number });
        }
    }
}
