//! Legs that ring, and what comes of it.

use std::time::Duration;

use moonring_wire::EventType;

use super::{Call, DIALLING, RINGS};
use crate::event_queue::Scheduled;
use crate::invocation::OutgoingEvent;
use crate::leg::Tag;
use crate::person::Pickup;
use crate::trace::Happened;

impl Call {
    /// The first event of an outbound call was answered: the number is dialled.
    pub(crate) fn dial(&mut self) {
        self.event_queue.add(self.now + DIALLING, Scheduled::Rings);
    }

    pub(super) fn rings(&mut self) {
        match self.legs[0].person.pickup {
            Pickup::Busy => return self.end_leg(0, 486),
            Pickup::Never => self.event_queue.add(self.now + RINGS, Scheduled::PicksUp { leg: 0 }),
            Pickup::After(after) => {
                self.event_queue.add(self.now + after.min(RINGS), Scheduled::PicksUp { leg: 0 })
            }
            Pickup::Refuses => {
                self.event_queue.add(self.now + DIALLING, Scheduled::PicksUp { leg: 0 })
            }
        }
        let to = self.legs[0].to.clone();
        self.trace.add(self.now, Happened::Rings { leg: Tag::A, to });
        self.notify(OutgoingEvent::new(EventType::Ringing, 0, None));
    }

    pub(super) fn picks_up(&mut self, leg: usize) {
        if self.legs.get(leg).is_none_or(|leg| leg.is_connected.is_some()) {
            return;
        }
        if leg > 0 {
            return self.bridge_picks_up(leg);
        }
        match self.legs[leg].person.pickup {
            Pickup::After(after) if after <= RINGS => {
                self.connect(leg);
                self.notify(OutgoingEvent::new(EventType::CallAnswered, leg, None));
            }
            Pickup::Refuses => self.end_leg(leg, 486),
            _ => self.end_leg(leg, 480),
        }
    }

    /// A leg is answered.
    pub(crate) fn connect(&mut self, leg: usize) {
        self.legs[leg].is_connected = Some(true);
        self.legs[leg].deed_since = self.now;
        let tag = self.legs[leg].tag;
        self.trace.add(self.now, Happened::Connects { leg: tag });
        self.sip(leg, "200 OK");
        self.look_at_deeds(leg);
    }

    /// A new inbound call is answered by what the service does with it (rules 8 to 10).
    pub(crate) fn answer_caller(&mut self) {
        if !self.is_answered {
            self.is_answered = true;
            self.trace.add(self.now, Happened::Connects { leg: Tag::A });
            self.sip(0, "200 OK");
        }
    }

    pub(super) fn unanswered(&mut self) {
        match (self.is_answered, self.is_ringing_out()) {
            (true, _) => {}
            // It may be answered yet: looked at again.
            (false, true) => {
                self.event_queue.add(self.now + Duration::from_secs(1), Scheduled::Unanswered)
            }
            (false, false) => self.abandon_leg(0, 480),
        }
    }
}
