//! Legs that ring, and what comes of it.

use std::time::Duration;

use moonring_wire::EventType;

use super::{Call, UNANSWERED};
use crate::dispatch::Owner;
use crate::leg::{LegNumber, Tag};
use crate::outgoing_event::OutgoingEvent;
use crate::trace::Happened;

/// How long an outbound call rings until somebody answers or nobody does.
const RINGS: Duration = Duration::from_secs(30);
/// How long it may take until the far end rings.
const DIALS: Duration = Duration::from_secs(60);

impl Call {
    /// The first event of an outbound call was answered: the number is dialled.
    pub(super) fn dial(&mut self) {
        let Some(leg) = self.lines.legs.first().map(|leg| leg.number) else { return };
        let headers = std::mem::take(&mut self.lines.sent_headers);
        self.lines.dial(leg, None, headers);
        self.lines.limit_ringing(leg, DIALS);
    }

    pub(super) fn rings(&mut self, number: LegNumber) {
        let Some(leg) = self.lines.leg(number) else { return };
        // The second leg's ringing is the bridge's; and what rings twice rings once.
        if leg.tag != Tag::A || leg.dial.is_none() || leg.rings {
            return;
        }
        let to = leg.numbers.to.clone();
        self.lines.note(Happened::Rings { leg: Tag::A, to, place: None });
        self.lines.notify(OutgoingEvent::new(EventType::Ringing, number, None));
        self.lines.limit_ringing(number, RINGS);
        if let Some(leg) = self.lines.leg_mut(number) {
            leg.rings = true;
        }
    }

    pub(super) fn picks_up(&mut self, number: LegNumber) {
        let Some(leg) = self.lines.leg_mut(number) else { return };
        let Some(dial) = leg.dial.take() else { return };
        let is_second = leg.tag == Tag::B;
        self.lines.dispatch.forget(dial);
        if is_second {
            return self.actions.picked_up(number, &mut self.lines);
        }
        self.lines.stop_ringing(number);
        self.lines.connect(number);
        self.lines.notify(OutgoingEvent::new(EventType::CallAnswered, number, None));
    }

    /// Nobody answers this leg, and nobody will: it is busy (486), or rings in vain (480).
    pub(super) fn does_not_pick_up(&mut self, number: LegNumber, code: u16) {
        let Some(leg) = self.lines.leg_mut(number).filter(|leg| leg.dial.is_some()) else {
            return;
        };
        // Busy is a far end that is gone; one that rings in vain is still dialled.
        if code == 486
            && let Some(dial) = leg.dial.take()
        {
            leg.has_left = true;
            self.lines.dispatch.forget(dial);
        }
        match self.lines.leg(number).map(|leg| leg.tag) {
            Some(Tag::B) => self.actions.not_picked_up(&mut self.lines),
            _ => self.end_leg(number, code),
        }
    }

    pub(super) fn unanswered(&mut self) {
        if self.lines.is_answered {
            return;
        }
        // Rule 11 is about a call for which nothing is done: while something was, such as a bridge
        // that rings, or one that has just failed, it may be answered yet.
        let begun = self.actions.askings();
        if self.actions.is_ringing_out() || begun > self.begun {
            self.begun = begun;
            self.lines.dispatch.set_timer(Owner::Unanswered, UNANSWERED);
        } else {
            self.abandon_first_leg(480);
        }
    }
}
