//! People whose driver decides what they do as the call goes on.

use std::time::Duration;

use moonring_exchange::{Input, Tag};

use crate::call::PlayedCall;
use crate::carry_out::DIALLING;
use crate::person::Pickup;

/// How far somebody is with what they were told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// They wait for something to happen first.
    Waits,
    /// They will have done it at this moment, from the start of the call.
    DoneAt(Duration),
}

impl PlayedCall {
    /// The one whose telephone rings does this from now on. Whether any rings.
    pub fn decide(&mut self, tag: Tag, pickup: Pickup) -> bool {
        let Some(leg) = self.exchange.leg(tag).filter(|leg| self.exchange.is_ringing(*leg)) else {
            return false;
        };
        let now = self.scene.now;
        self.scene.parties.entry(leg).or_default().person.pickup = pickup;
        match pickup {
            Pickup::After(after) => {
                self.scene.queue.add_input(now + after, Input::Answered { leg });
            }
            Pickup::Busy | Pickup::Refuses => {
                self.scene.queue.add_input(now + DIALLING, Input::Busy { leg });
            }
            Pickup::Never => {}
        }
        true
    }

    /// How far somebody on the line is with everything they were told to do.
    pub fn progress(&self, tag: Tag) -> Progress {
        let party = self.exchange.leg(tag).and_then(|leg| self.scene.parties.get(&leg));
        match party {
            Some(party) if party.next < party.person.behavior.len() => Progress::Waits,
            Some(party) => Progress::DoneAt(party.next_since),
            None => Progress::DoneAt(Duration::ZERO),
        }
    }

    /// They no longer do what they have not begun.
    pub fn give_up(&mut self, tag: Tag) {
        if let Some(party) = self.exchange.leg(tag).and_then(|leg| self.scene.parties.get_mut(&leg))
        {
            party.person.behavior.truncate(party.next);
        }
    }
}
