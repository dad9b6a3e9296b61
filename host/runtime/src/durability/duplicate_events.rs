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

/// Answers that were given, to be given again.
#[derive(Debug, Default)]
pub(crate) struct DuplicateEvents {
    answers: RefCell<HashMap<Fingerprint, (Instant, Answer)>>,
    /// The oldest first, with the bytes of each.
    order: RefCell<VecDeque<(Instant, Fingerprint, usize)>>,
    bytes: Cell<usize>,
}

impl DuplicateEvents {
    /// The answer that the same event was given a short time ago.
    pub(crate) fn answer(&self, event: Fingerprint, now: Instant) -> Option<Answer> {
        let answers = self.answers.borrow();
        let (given, answer) = answers.get(&event)?;
        (now.saturating_duration_since(*given) < AGE).then(|| answer.clone())
    }

    /// Remembers an answer that must not be worked out twice.
    pub(crate) fn remember(&self, event: Fingerprint, now: Instant, answer: &Answer) {
        let (mut answers, mut order) = (self.answers.borrow_mut(), self.order.borrow_mut());
        let own = answer.to_bytes().len();
        let is_old = |given: Instant| now.saturating_duration_since(given) >= AGE;
        let is_full = |count: usize| count >= MOST || self.bytes.get() + own > BYTES;
        while let Some(&(_, oldest, bytes)) =
            order.front().filter(|(given, ..)| is_old(*given) || is_full(order.len()))
        {
            order.pop_front();
            answers.remove(&oldest);
            self.bytes.set(self.bytes.get() - bytes);
        }
        answers.insert(event, (now, answer.clone()));
        order.push_back((now, event, own));
        self.bytes.set(self.bytes.get() + own);
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
        repeats.remember(one, now, &answer);
        assert_eq!(repeats.answer(one, now + Duration::from_secs(24)), Some(answer.clone()));
        assert_eq!(repeats.answer(one, now + Duration::from_secs(25)), None);
        assert_eq!(repeats.answer(other, now), None);
        for _ in 0..2 * MOST {
            repeats.remember(other, now, &answer);
        }
        assert_eq!(repeats.order.borrow().len(), MOST);
        let text = serde_json::Value::from("x".repeat(BYTES / 4));
        let large = Answer {
            transaction_attributes: Some([("a".to_owned(), text)].into_iter().collect()),
            ..answer
        };
        for _ in 0..10 {
            repeats.remember(one, now, &large);
        }
        assert!(repeats.bytes.get() <= BYTES && repeats.order.borrow().len() == 3);
    }
}
