//! What people did in a call that was played.

use std::collections::VecDeque;
use std::time::Duration;

use moonring_exchange::{Input, LegNumber, Stamped, Tag};
use moonring_sim::PlayedCall;

/// Somebody hung up by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HungUp {
    pub(crate) tag: Tag,
    /// When, from the start of the call.
    pub(crate) at: Duration,
}

/// What people did, as the exchange was told: keys too that the call itself does not show.
#[derive(Debug, Default)]
pub(crate) struct Acts {
    pub(crate) hung_up: Vec<HungUp>,
    keys_of_a: VecDeque<char>,
    keys_of_b: VecDeque<char>,
}

impl Acts {
    pub(crate) fn of(call: &PlayedCall) -> Self {
        let mut acts = Self::default();
        for Stamped { at, input } in call.exchange().inputs() {
            let at = *at;
            match input {
                Input::Left { leg } => acts.hung_up.push(HungUp { tag: tag(*leg), at }),
                Input::Together(_) => acts.hung_up.push(HungUp { tag: Tag::A, at }),
                Input::Digit { leg, digit } if *leg == LegNumber(0) => {
                    acts.keys_of_a.push_back(*digit)
                }
                Input::Digit { digit, .. } => acts.keys_of_b.push_back(*digit),
                _ => {}
            }
        }
        acts
    }

    /// The next keys of somebody.
    pub(crate) fn keys(&mut self, leg: Tag, count: usize) -> String {
        let keys = if leg == Tag::A { &mut self.keys_of_a } else { &mut self.keys_of_b };
        keys.drain(..count.min(keys.len())).collect()
    }
}

fn tag(leg: LegNumber) -> Tag {
    if leg == LegNumber(0) { Tag::A } else { Tag::B }
}
