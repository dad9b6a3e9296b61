//! Events that come twice: the service sends one again when it thinks the answer was lost.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::{Duration, Instant};

use moonring_wire::{Answer, Event};

/// After so long the service has given up on an event.
const AGE: Duration = Duration::from_secs(25);
/// The most answers that are remembered.
const MOST: usize = 1000;
/// The most bytes that they may have together, as they are sent.
const BYTES: usize = 8 * 1024 * 1024;

/// An answer that was given.
#[derive(Debug)]
struct Given {
    at: Instant,
    answer: Box<str>,
}

/// What tells events apart: the call, and every byte. The sequence alone would not do (rule 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    pub(crate) fn of(event: &Event, bytes: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        (event.call_id(), bytes).hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// Answers that were given, to be given again: as they were sent, since a tree of values takes ten
/// times as much room as its text.
#[derive(Debug, Default)]
pub(crate) struct DuplicateEvents {
    answers: RefCell<HashMap<Fingerprint, Given>>,
    /// The oldest first.
    order: RefCell<VecDeque<Fingerprint>>,
    bytes: Cell<usize>,
}

impl DuplicateEvents {
    /// The answer that the same event was given a short time ago.
    pub(crate) fn answer(&self, event: Fingerprint, now: Instant) -> Option<Answer> {
        let answers = self.answers.borrow();
        let Given { at, answer } = answers.get(&event)?;
        let is_young = now.saturating_duration_since(*at) < AGE;
        serde_json::from_str(answer).ok().filter(|_| is_young)
    }

    /// Forgets all events.
    pub(crate) fn forget_all(&self) {
        self.answers.borrow_mut().clear();
        self.order.borrow_mut().clear();
        self.bytes.set(0);
    }

    /// Remembers an answer, as it is sent, that must not be worked out twice.
    pub(crate) fn remember(&self, event: Fingerprint, now: Instant, answer: &str) {
        let (mut answers, mut order) = (self.answers.borrow_mut(), self.order.borrow_mut());
        let answer: Box<str> = answer.into();
        let is_old = |given: &Given| now.saturating_duration_since(given.at) >= AGE;
        let is_full = |count: usize| count >= MOST || self.bytes.get() + answer.len() > BYTES;
        while let Some(oldest) = order
            .front()
            .filter(|oldest| answers.get(oldest).is_none_or(&is_old) || is_full(order.len()))
        {
            let gone = answers.remove(oldest).map_or(0, |given| given.answer.len());
            self.bytes.set(self.bytes.get() - gone);
            order.pop_front();
        }
        self.bytes.set(self.bytes.get() + answer.len());
        if let Some(earlier) = answers.insert(event, Given { at: now, answer }) {
            self.bytes.set(self.bytes.get() - earlier.answer.len());
            order.retain(|known| *known != event);
        }
        order.push_back(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_known_for_a_while_and_only_byte_by_byte() {
        let event = |text: &str| {
            Event::parse(text.as_bytes()).map(|event| Fingerprint::of(&event, text.as_bytes()))
        };
        let one = event("{\"InvocationEventType\": \"HANGUP\", \"Sequence\": 1}").unwrap();
        let other = event("{\"InvocationEventType\": \"HANGUP\", \"Sequence\": 1 }").unwrap();
        let (repeats, now) = (DuplicateEvents::default(), Instant::now());
        let answer = Answer::keep(None);
        let text = String::from_utf8(answer.to_bytes()).unwrap();
        repeats.remember(one, now, &text);
        assert_eq!(repeats.answer(one, now + Duration::from_secs(24)), Some(answer.clone()));
        assert_eq!(repeats.answer(one, now + Duration::from_secs(25)), None);
        assert_eq!(repeats.answer(other, now), None);
        repeats.remember(one, now, &text);
        assert_eq!(repeats.order.borrow().len(), 1, "it is the same event");
        for number in 0..2 * MOST as u64 {
            repeats.remember(Fingerprint(number), now, &text);
        }
        assert_eq!(repeats.order.borrow().len(), MOST);
        let large = "x".repeat(BYTES / 4 + 1);
        for number in 0..10 {
            repeats.remember(Fingerprint(number), now, &large);
        }
        assert!(repeats.bytes.get() <= BYTES && repeats.order.borrow().len() == 3);
    }
}
