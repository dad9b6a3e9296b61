//! What an action can reach while it runs: its leg, orders with their tickets, the trace.

use std::time::Duration;

use moonring_wire::{Attributes, EventType};

use crate::dispatch::Owner;
use crate::input::Condition;
use crate::leg::{Leg, LegNumber, Numbers, Recorded, Recording, RemoteEnd, Tag};
use crate::lines::{Lines, NewLeg};
use crate::listener::Listener;
use crate::order::Order;
use crate::outgoing_event::OutgoingEvent;
use crate::prompt::{AudioFile, Prompt};
use crate::service::Service;
use crate::ticket::Ticket;
use crate::trace::Happened;

/// For whom an action runs, and who asked for it.
#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) leg: LegNumber,
    /// The line of the script.
    pub(crate) place: Option<String>,
}

/// What an action can reach.
pub(crate) struct Stage<'a> {
    lines: &'a mut Lines,
    party: &'a Party,
    /// The orders of the action that are open. What is still open when it ends is stopped.
    tickets: &'a mut Vec<Ticket>,
}

/// A recording of one party.
pub(super) struct PartyRecording {
    pub(super) file: String,
    pub(super) longest: Option<Duration>,
    pub(super) silence: Option<Duration>,
}

/// Who is called by a bridge.
pub(super) struct Callee {
    pub(super) numbers: Numbers,
    pub(super) trunk: Option<String>,
    pub(super) sip_headers: Attributes,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(
        lines: &'a mut Lines,
        party: &'a Party,
        tickets: &'a mut Vec<Ticket>,
    ) -> Self {
        Self { lines, party, tickets }
    }

    /// Whoever is called is not called any more.
    pub(crate) fn give_up_callee(&mut self) {
        self.lines.close_ringing_leg();
    }

    pub(super) fn service(&self) -> &Service {
        &self.lines.service
    }

    pub(super) fn now(&self) -> Duration {
        self.lines.now
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.lines.now_ms()
    }

    /// The Region of the application that has the call.
    pub(super) fn region(&self) -> &str {
        &self.lines.region
    }

    pub(super) fn call_id(&self) -> &str {
        &self.lines.id
    }

    /// The leg that it runs for.
    pub(super) fn leg(&self) -> Option<&Leg> {
        self.lines.leg(self.party.leg)
    }

    pub(super) fn leg_id(&self) -> String {
        self.leg().map(|leg| leg.id.clone()).unwrap_or_default()
    }

    fn tag(&self) -> Tag {
        self.leg().map_or(Tag::A, |leg| leg.tag)
    }

    /// The first leg: who calls, or was called.
    pub(super) fn first_leg(&self) -> Option<&Leg> {
        self.lines.legs.first()
    }

    /// The second leg, where it is up.
    pub(super) fn second_leg(&self) -> Option<&Leg> {
        self.lines.legs.iter().skip(1).find(|leg| leg.is_up())
    }

    /// How many legs are up.
    pub(super) fn legs_up(&self) -> usize {
        self.lines.legs.iter().filter(|leg| leg.is_up()).count()
    }

    /// Whether a second leg can be added (rule 47).
    pub(super) fn has_room(&self) -> bool {
        self.lines.has_room()
    }

    /// Whether a file can be played, as far as is known.
    pub(super) fn condition(&self, file: &AudioFile) -> Condition {
        self.lines.files.get(file).copied().unwrap_or(Condition::Playable)
    }

    /// Whether VoiceFocus may be used, so often in a second (rule 66); now it is.
    pub(super) fn may_focus(&mut self, a_second: usize) -> bool {
        let now = self.lines.now;
        self.lines.focused.retain(|at| now.saturating_sub(*at) < Duration::from_secs(1));
        let may = self.lines.focused.len() < a_second;
        if may {
            self.lines.focused.push_back(now);
        }
        may
    }

    /// The number of a party's recording: how many there were before it in the call.
    pub(super) fn count_recording(&mut self) -> u32 {
        self.lines.recordings += 1;
        self.lines.recordings - 1
    }

    /// The party hears something.
    pub(super) fn play(&mut self, prompt: Prompt) {
        self.hears(&prompt);
        let (leg, is_looped) = (self.party.leg, false);
        self.order(|ticket| Order::Play { ticket, leg, prompt, is_looped });
    }

    /// The party hears something again and again.
    pub(super) fn play_in_a_loop(&mut self, prompt: Prompt) {
        self.hears(&prompt);
        let (leg, is_looped) = (self.party.leg, true);
        self.order(|ticket| Order::Play { ticket, leg, prompt, is_looped });
    }

    /// The far end of the party hears digits.
    pub(super) fn send_digits(&mut self, digits: String, tone: Duration, comma: Duration) {
        let what = format!("the digits {digits}");
        self.note_heard(what, true);
        let leg = self.party.leg;
        self.order(|ticket| Order::SendDigits { ticket, leg, digits, tone, comma });
    }

    /// The party is recorded.
    pub(super) fn record(&mut self, recording: PartyRecording) {
        let PartyRecording { file, longest, silence } = recording;
        let (leg, channels) = (self.party.leg, 1);
        self.order(|ticket| Order::Record { ticket, leg, file, channels, longest, silence });
    }

    /// The party talks with a bot.
    pub(super) fn converse(&mut self, bot: String, welcome: Vec<Prompt>) {
        welcome.iter().for_each(|prompt| self.hears(prompt));
        let leg = self.party.leg;
        self.order(|ticket| Order::Converse { ticket, leg, bot, welcome });
    }

    /// The party is taken into a meeting.
    pub(super) fn join(&mut self, meeting: Option<String>, token: String) -> LegNumber {
        let (leg, way) = (self.party.leg, self.lines.next_number());
        self.order(|ticket| Order::Join { ticket, leg, way, meeting, token });
        way
    }

    /// Attendees of a meeting are muted, or heard again.
    pub(super) fn mute(&mut self, meeting: String, attendees: Vec<String>, is_muted: bool) {
        self.order(|ticket| Order::Mute { ticket, meeting, attendees, is_muted });
    }

    pub(super) fn reduce_noise(&mut self, is_on: bool) {
        let leg = self.party.leg;
        self.lines.dispatch.tell(|ticket| Order::ReduceNoise { ticket, leg, is_on });
    }

    /// Something is due after so long.
    pub(super) fn set_timer(&mut self, after: Duration) -> Ticket {
        let timer = self.lines.dispatch.set_timer(Owner::Action, after);
        self.tickets.push(timer);
        timer
    }

    /// Ends what the action has ordered and is open.
    pub(super) fn stop(&mut self) {
        for ticket in self.tickets.drain(..) {
            self.lines.dispatch.stop(ticket);
        }
    }

    /// Listens for digits of the party in the background, instead of what was listened for before.
    pub(super) fn listen(&mut self, listener: Listener) {
        let leg = self.lines.leg_mut(self.party.leg);
        let before = leg.and_then(|leg| leg.listener.replace(Box::new(listener)));
        if let Some(timer) = before.and_then(|before| before.timer) {
            self.lines.dispatch.stop(timer);
        }
    }

    /// Records the party until its leg ends.
    pub(super) fn record_leg(&mut self, file: String, channels: u16) {
        let (leg, name) = (self.party.leg, file.clone());
        let ticket = self.lines.dispatch.give(Owner::Recording(leg), |ticket| Order::Record {
            ticket,
            leg,
            file: name,
            channels,
            longest: None,
            silence: None,
        });
        let since = self.lines.now;
        if let Some(leg) = self.lines.leg_mut(self.party.leg) {
            leg.recording = Recording::Runs;
            leg.recorded = Some(Recorded { ticket, file, since, channels });
        }
    }

    /// Changes how the leg is recorded.
    pub(super) fn change_recording(&mut self, to: Recording) {
        let Some(leg) = self.lines.leg_mut(self.party.leg) else { return };
        leg.recording = to;
        let recorded = leg.recorded.as_ref().map(|recorded| recorded.ticket);
        let is_open = |ticket: &Ticket| self.lines.dispatch.is_open(*ticket);
        let Some(ticket) = recorded.filter(is_open) else { return };
        match to {
            Recording::Rests => self.lines.dispatch.tell(|_| Order::PauseRecord { ticket }),
            Recording::Runs => self.lines.dispatch.tell(|_| Order::ResumeRecord { ticket }),
            Recording::Stopped => self.lines.dispatch.stop(ticket),
            Recording::Never => {}
        }
    }

    /// A new inbound call is answered.
    pub(super) fn answer_caller(&mut self) {
        self.lines.answer_caller();
    }

    /// A second leg rings at somebody.
    pub(super) fn call(&mut self, callee: Callee) -> LegNumber {
        let Callee { numbers, trunk, sip_headers } = callee;
        let to = numbers.to.clone();
        let leg = self.lines.next_number();
        self.lines.add_leg(NewLeg {
            number: leg,
            tag: Tag::B,
            numbers,
            is_inbound: false,
            far: RemoteEnd::Phone,
            sip_headers: Attributes::new(),
        });
        let place = self.party.place.clone();
        self.lines.note(Happened::Rings { leg: Tag::B, to, place });
        self.lines.dial(leg, trunk, sip_headers);
        leg
    }

    /// The second leg is answered.
    pub(super) fn connect(&mut self, leg: LegNumber) {
        self.lines.connect(leg);
        self.lines.bridge();
    }

    /// The second leg is the way into a meeting.
    pub(super) fn enter_meeting(
        &mut self,
        way: LegNumber,
        numbers: Numbers,
        meeting: Option<String>,
    ) {
        self.lines.add_leg(NewLeg {
            number: way,
            tag: Tag::B,
            numbers,
            is_inbound: false,
            far: RemoteEnd::Meeting(meeting),
            sip_headers: Attributes::new(),
        });
        self.lines.connect(way);
    }

    /// There is no second leg any more.
    pub(super) fn drop_second_leg(&mut self) {
        self.lines.drop_second_leg();
    }

    /// The party's leg ends.
    pub(super) fn close(&mut self, code: u16) {
        self.lines.close(self.party.leg, code);
    }

    /// With it ends the way into a meeting, if it is the caller's.
    pub(super) fn close_way_into_meeting(&mut self) {
        self.lines.close_way_into_meeting(self.party.leg);
    }

    /// The HANGUP of the party's leg.
    pub(super) fn announce(&mut self, code: u16) {
        self.lines.announce(self.party.leg, code);
    }

    /// The function is told that a leg rings.
    pub(super) fn announce_ringing(&mut self, leg: LegNumber) {
        self.lines.notify(OutgoingEvent::new(EventType::Ringing, leg, None));
    }

    /// The trace has that the action is done, which nobody hears.
    pub(super) fn note_done(&mut self, action: &str) {
        let (leg, place) = (self.tag(), self.party.place.clone());
        self.lines.note(Happened::Does { leg, action: action.to_owned(), place });
    }

    /// The trace has that a recording is delivered.
    pub(super) fn note_recording(&mut self, file: String, lasts: Duration) {
        let leg = self.tag();
        self.lines.note(Happened::Records { leg, file, lasts, channels: 1 });
    }

    pub(super) fn warn(&mut self, text: impl Into<String>) {
        self.lines.warn(text);
    }

    fn hears(&mut self, prompt: &Prompt) {
        self.note_heard(prompt.heard(), prompt.is_audio());
    }

    fn note_heard(&mut self, what: String, is_audio: bool) {
        let (leg, place) = (self.tag(), self.party.place.clone());
        self.lines.note(Happened::Hears { leg, what, is_audio, place });
    }

    fn order(&mut self, order: impl FnOnce(Ticket) -> Order) {
        let ticket = self.lines.dispatch.give(Owner::Action, order);
        self.tickets.push(ticket);
    }
}
