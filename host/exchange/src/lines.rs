//! The lines of a call: its legs, the orders that are given for them, the events that come of it,
//! and the trace. An action reaches them over its stage.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use moonring_wire::{Attributes, EventType};
use serde_json::json;

use crate::dispatch::{Dispatch, Owner};
use crate::ids::Ids;
use crate::input::Condition;
use crate::leg::{Leg, LegNumber, Numbers, Recording, RemoteEnd, Tag};
use crate::order::Order;
use crate::outgoing_event::OutgoingEvent;
use crate::prompt::AudioFile;
use crate::routing::Application;
use crate::service::Service;
use crate::trace::{HIDDEN, Happened, Trace};

/// The lines of a call.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    pub(crate) service: Arc<Service>,
    /// The call's id.
    pub(crate) id: String,
    ids: Ids,
    /// The first leg, and the second where there is one.
    pub(crate) legs: Vec<Leg>,
    /// How many legs there were.
    numbers: u32,
    pub(crate) now: Duration,
    at_ms: u64,
    pub(crate) dispatch: Dispatch,
    pub(crate) events: VecDeque<OutgoingEvent>,
    pub(crate) trace: Trace,
    /// The script waits for digits that the trace does not show.
    pub(crate) hides_digits: bool,
    /// Whether a new inbound call was answered.
    pub(crate) is_answered: bool,
    /// What is known of audio files that cannot be played.
    pub(crate) files: BTreeMap<AudioFile, Condition>,
    /// When VoiceFocus was used, lately (rule 66).
    pub(crate) focused: VecDeque<Duration>,
    /// How many recordings of a party there were.
    pub(crate) recordings: u32,
    /// The Region of the application that has the call.
    pub(crate) region: String,
    /// Headers of an outbound call, until it is dialled.
    pub(crate) sent_headers: Attributes,
    /// The log group of SIP messages, where they are logged (rule 56).
    sip_group: Option<String>,
}

/// A leg that is to be.
pub(crate) struct NewLeg {
    pub(crate) number: LegNumber,
    pub(crate) tag: Tag,
    pub(crate) numbers: Numbers,
    pub(crate) is_inbound: bool,
    pub(crate) far: RemoteEnd,
    pub(crate) sip_headers: Attributes,
}

impl Lines {
    pub(crate) fn new(service: Arc<Service>, at_ms: u64, seed: u64) -> Self {
        let mut ids = Ids::new(seed);
        Self {
            service,
            id: ids.next(),
            ids,
            legs: Vec::with_capacity(2),
            numbers: 0,
            now: Duration::ZERO,
            at_ms,
            dispatch: Dispatch::default(),
            events: VecDeque::new(),
            trace: Trace::default(),
            hides_digits: false,
            is_answered: false,
            files: BTreeMap::new(),
            focused: VecDeque::new(),
            recordings: 0,
            region: String::new(),
            sent_headers: Attributes::new(),
            sip_group: None,
        }
    }

    /// The moment by the calendar: milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        self.at_ms.saturating_add(u64::try_from(self.now.as_millis()).unwrap_or(u64::MAX))
    }

    pub(crate) fn leg(&self, number: LegNumber) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.number == number)
    }

    pub(crate) fn leg_mut(&mut self, number: LegNumber) -> Option<&mut Leg> {
        self.legs.iter_mut().find(|leg| leg.number == number)
    }

    /// Whether any leg is up.
    pub(crate) fn is_up(&self) -> bool {
        self.legs.iter().any(Leg::is_up)
    }

    pub(crate) fn is_leg_up(&self, number: LegNumber) -> bool {
        self.leg(number).is_some_and(Leg::is_up)
    }

    /// Whether a second leg can be added: there is a first, and no second (rule 47).
    pub(crate) fn has_room(&self) -> bool {
        self.legs.first().is_some_and(Leg::is_up) && !self.legs.iter().skip(1).any(Leg::is_up)
    }

    /// Whether a leg is not up yet that may be.
    pub(crate) fn has_more_legs(&self) -> bool {
        self.legs.iter().any(|leg| leg.is_connected.is_none())
    }

    /// The number of the next leg.
    pub(crate) fn next_number(&mut self) -> LegNumber {
        self.numbers += 1;
        LegNumber(self.numbers - 1)
    }

    pub(crate) fn add_leg(&mut self, new: NewLeg) {
        let NewLeg { number, tag, numbers, is_inbound, far, sip_headers } = new;
        let (id, started_ms) = (self.ids.next(), self.now_ms());
        self.legs.push(Leg {
            number,
            id,
            tag,
            numbers,
            is_inbound,
            started_ms,
            is_connected: None,
            connected_at: None,
            ended_at: None,
            sip_headers,
            far,
            dial: None,
            rings: false,
            ringing_limit: None,
            has_left: false,
            listener: None,
            recording: Recording::Never,
            recorded: None,
        });
        self.sip(tag, "INVITE");
    }

    /// Has a leg called.
    pub(crate) fn dial(&mut self, number: LegNumber, trunk: Option<String>, headers: Attributes) {
        let Some(leg) = self.legs.iter_mut().find(|leg| leg.number == number) else { return };
        let Numbers { from, to } = &leg.numbers;
        let (from, to, sip_headers) = (from.clone(), to.clone(), headers);
        let order = |ticket| Order::Dial { ticket, leg: number, from, to, trunk, sip_headers };
        leg.dial = Some(self.dispatch.give(Owner::Leg(number), order));
    }

    /// A leg that is dialled is given up after so long, whatever limit there was before.
    pub(crate) fn limit_ringing(&mut self, number: LegNumber, after: Duration) {
        self.stop_ringing(number);
        let timer = self.dispatch.set_timer(Owner::Leg(number), after);
        if let Some(leg) = self.leg_mut(number) {
            leg.ringing_limit = Some(timer);
        }
    }

    /// There is nothing to be given up any more.
    pub(crate) fn stop_ringing(&mut self, number: LegNumber) {
        let limit = self.leg_mut(number).and_then(|leg| leg.ringing_limit.take());
        if let Some(limit) = limit {
            self.dispatch.stop(limit);
        }
    }

    /// A leg is answered.
    pub(crate) fn connect(&mut self, number: LegNumber) {
        let Some(leg) = self.leg_mut(number) else { return };
        leg.is_connected = Some(true);
        let (tag, far) = (leg.tag, leg.far.clone());
        self.note_connected(number);
        self.note(match far {
            RemoteEnd::Meeting(meeting) => Happened::Joins { leg: tag, meeting },
            RemoteEnd::Phone => Happened::Connects { leg: tag },
        });
        self.sip(tag, "200 OK");
    }

    /// A new inbound call is answered by what the service does with it (rules 8 to 10).
    pub(crate) fn answer_caller(&mut self) {
        if self.is_answered {
            return;
        }
        self.is_answered = true;
        if let Some(leg) = self.legs.first().map(|leg| leg.number) {
            self.dispatch.tell(|ticket| Order::Answer { ticket, leg });
            self.note_connected(leg);
        }
        self.note(Happened::Connects { leg: Tag::A });
        self.sip(Tag::A, "200 OK");
    }

    /// From now on a leg is billed.
    fn note_connected(&mut self, number: LegNumber) {
        let now = self.now;
        if let Some(leg) = self.leg_mut(number) {
            leg.connected_at = Some(now);
        }
    }

    /// Lets the two legs hear each other.
    pub(crate) fn bridge(&mut self) {
        if let [leg, other] = self.legs.as_slice() {
            let (leg, other) = (leg.number, other.number);
            self.dispatch.tell(|ticket| Order::Bridge { ticket, leg, other });
        }
    }

    /// A leg ends.
    pub(crate) fn close(&mut self, number: LegNumber, code: u16) {
        let Some(leg) = self.legs.iter_mut().find(|leg| leg.number == number) else { return };
        let was_up = leg.is_connected.replace(false) == Some(true);
        leg.ended_at = Some(self.now);
        let tag = leg.tag;
        if let Some(listening) = leg.listener.take().and_then(|listener| listener.timer) {
            self.dispatch.stop(listening);
        }
        let recorded = leg.recorded.take();
        if let Some(limit) = leg.ringing_limit.take() {
            self.dispatch.stop(limit);
        }
        if let Some(dial) = leg.dial.take() {
            self.dispatch.stop(dial);
        } else if was_up && !leg.has_left {
            self.dispatch.tell(|ticket| Order::HangUp { ticket, leg: number, code });
        }
        if let Some(recorded) = recorded {
            self.dispatch.stop(recorded.ticket);
            let lasts = self.now.saturating_sub(recorded.since);
            let (file, channels) = (recorded.file, recorded.channels);
            self.note(Happened::Records { leg: tag, file, lasts, channels });
        }
        self.note(Happened::Ends { leg: tag, code });
        let message = match code {
            480 => "480 Temporarily Unavailable",
            486 => "486 Busy Here",
            _ => "BYE",
        };
        self.sip(tag, message);
    }

    /// The way into a meeting is the caller's: it goes with them.
    pub(crate) fn close_way_into_meeting(&mut self, of: LegNumber) -> Option<LegNumber> {
        self.leg(of).filter(|leg| leg.tag == Tag::A)?;
        let is_way = |leg: &&Leg| leg.is_up() && leg.is_meeting();
        let way = self.legs.iter().find(is_way).map(|leg| leg.number)?;
        self.close(way, 0);
        Some(way)
    }

    /// A second leg that rings rings no more.
    pub(crate) fn close_ringing_leg(&mut self) {
        if let Some(leg) = self.legs.get(1).filter(|leg| leg.is_connected.is_none()) {
            self.close(leg.number, 480);
        }
    }

    /// The second leg was never answered, or ended before: a new one takes its place.
    pub(crate) fn drop_second_leg(&mut self) {
        self.close_ringing_leg();
        self.legs.truncate(1);
    }

    /// Has an event sent when its turn comes.
    pub(crate) fn notify(&mut self, event: OutgoingEvent) {
        self.events.push_back(event);
    }

    /// The HANGUP of a leg.
    pub(crate) fn announce(&mut self, number: LegNumber, code: u16) {
        let Some(leg) = self.leg(number) else { return };
        let parameters =
            json!({"SipResponseCode": code, "CallId": leg.id, "ParticipantTag": leg.tag.name()});
        let data = json!({"Type": "Hangup", "Parameters": parameters});
        self.notify(OutgoingEvent::new(EventType::Hangup, number, Some(data)));
    }

    pub(crate) fn note(&mut self, happened: Happened) {
        self.trace.add(self.now, happened);
    }

    /// Notes a digit, as far as digits are shown.
    pub(crate) fn note_digit(&mut self, leg: Tag, digit: char, is_heard: bool) {
        let digit = if self.hides_digits { HIDDEN } else { digit };
        self.note(Happened::Presses { leg, digit, is_heard });
    }

    pub(crate) fn log(&mut self, text: &str) {
        self.note(Happened::Logs(text.to_owned()));
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.note(Happened::Warns(text.into()));
    }

    /// This application has the call from now on.
    pub(crate) fn belong_to(&mut self, application: &Application) {
        self.region.clone_from(&application.region);
        if self.service.logs_sip {
            let id = &application.id;
            let group = format!("/aws/ChimeSipMediaApplicationSipMessages/{id}");
            self.sip_group = Some(group);
        }
    }

    /// A SIP message of a leg, if those are logged (rule 56).
    fn sip(&mut self, leg: Tag, message: &'static str) {
        if let Some(group) = self.sip_group.clone() {
            self.note(Happened::Sip { group, leg, message });
        }
    }
}
