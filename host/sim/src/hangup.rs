//! How legs end, and calls with them (rules 40 to 46).

use moonring_wire::EventType;
use serde_json::json;

use crate::call::Call;
use crate::event_queue::Scheduled;
use crate::invocation::OutgoingEvent;
use crate::leg::{RemoteEnd, Tag};
use crate::readings::WhenLegLeaves;
use crate::trace::Happened;

impl Call {
    /// A leg ends: its action first, then HANGUP. The other leg stays (rule 40), but for the way
    /// into a meeting.
    pub(crate) fn end_leg(&mut self, leg: usize, code: u16) {
        if self.legs[leg].is_connected == Some(false) {
            return;
        }
        self.close(leg, code);
        if self.world.readings.when_leg_leaves == WhenLegLeaves::AsFarAsItGot {
            self.action_left(leg);
        } else if self.running.as_ref().is_some_and(|running| running.leg == leg) {
            self.running = None;
            self.list.clear();
        }
        // The way into the meeting is the caller's: it goes with them.
        for other in 0..self.legs.len() {
            if self.legs[leg].tag == Tag::A
                && self.legs[other].is_up()
                && matches!(self.legs[other].far, RemoteEnd::Meeting(_))
            {
                self.close(other, 0);
            }
        }
        self.announce(leg, code);
    }

    /// A leg ends because an action says so.
    pub(crate) fn close(&mut self, leg: usize, code: u16) {
        self.legs[leg].is_connected = Some(false);
        self.legs[leg].listener = None;
        if let Some((file, since, channels)) = self.legs[leg].recorded.take() {
            let (tag, lasts) = (self.legs[leg].tag, self.now.saturating_sub(since));
            self.trace.add(self.now, Happened::Records { leg: tag, file, lasts, channels });
        }
        let tag = self.legs[leg].tag;
        self.trace.add(self.now, Happened::Ends { leg: tag, code });
        self.sip(
            leg,
            match code {
                480 => "480 Temporarily Unavailable",
                486 => "486 Busy Here",
                _ => "BYE",
            },
        );
    }

    /// The HANGUP of a leg.
    pub(crate) fn announce(&mut self, leg: usize, code: u16) {
        let parameters = json!({"SipResponseCode": code, "CallId": self.legs[leg].id, "ParticipantTag": self.legs[leg].tag.name()});
        let data = json!({"Type": "Hangup", "Parameters": parameters});
        self.notify(OutgoingEvent::new(EventType::Hangup, leg, Some(data)));
    }

    /// A leg ends that was never answered: nothing runs for it any more.
    pub(crate) fn abandon_leg(&mut self, leg: usize, code: u16) {
        self.running = None;
        self.list.clear();
        self.end_leg(leg, code);
    }

    /// The service ends the call by itself, without another word to the function.
    pub(crate) fn abandon(&mut self, code: u16) {
        for leg in 0..self.legs.len() {
            if self.legs[leg].is_connected != Some(false) {
                self.close(leg, code);
            }
        }
        self.running = None;
        self.list.clear();
        self.notices.clear();
        self.is_over = true;
    }

    /// Whether a second leg can be added: there is a first, and no second (rule 47).
    pub(crate) fn has_room(&self) -> bool {
        self.legs[0].is_up() && !self.legs.iter().skip(1).any(crate::leg::Leg::is_up)
    }

    /// The second leg was never answered, or ended before: a new one takes its place.
    pub(crate) fn drop_second_leg(&mut self) {
        if self.legs.get(1).is_some_and(|leg| leg.is_connected.is_none()) {
            self.close(1, 480);
        }
        self.legs.truncate(1);
        self.event_queue.retain(|happening| {
            !matches!(
                happening,
                Scheduled::PicksUp { leg: 1.. }
                    | Scheduled::Behavior { leg: 1.., .. }
                    | Scheduled::Key { leg: 1.., .. }
                    | Scheduled::Listened { leg: 1.., .. }
            )
        });
    }

    /// Whether a leg is not up yet that may be.
    pub(crate) fn has_more_legs(&self) -> bool {
        self.legs.iter().any(|leg| leg.is_connected.is_none())
    }
}
