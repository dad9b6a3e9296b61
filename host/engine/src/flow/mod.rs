//! Flows: scripts that are one function. The results of their steps are saved, and a fresh process
//! replays it.

mod becoming;
mod begin;
mod bindings;
mod breadcrumbs;
mod call_view;
mod farewell;
mod given;
mod invocation;
pub(crate) mod method;
mod split_prompt;
mod suspended_flows;
mod to_lua;

use std::sync::Arc;
use std::time::Duration;

use mlua::{Table, Value as LuaValue};
use moonring_flow::limits::ACTIONS;
use moonring_flow::{
    ConnectedLeg, Journal, JournalEntry, Legs, PendingStep, Place, PlacedAction, SavedJournal,
    SipHeaders, StepEvent, StepKind, StepResult, UpdateRoom, is_outbound, other_legs,
    unanswered_reason,
};
use moonring_wire::{Event, EventType, Participant, Status};

use becoming::Becoming;
pub(crate) use becoming::Successor;
use begin::legs_of;
pub(crate) use bindings::fill;
pub use breadcrumbs::Breadcrumb;
pub(crate) use breadcrumbs::breadcrumbs;
pub(crate) use farewell::Farewell;
pub(crate) use given::Given;
pub(crate) use invocation::{Go, after_failure, farewell_answer};
pub use method::label_of as step_label;
use method::prompt::Voice;
use method::{BuildContext, at, hang_up, label_of};
pub(crate) use suspended_flows::{SuspendedFlow, SuspendedFlows};

use crate::Limits;
use crate::convert::Unsayable;
use crate::error::Error;

/// The characters of an entry besides its result.
const ENTRY: usize = 16;
/// An update takes at most this part of what the journal has left.
const UPDATE_SHARE: usize = 4;

/// A flow: what is known of it besides its coroutine.
#[derive(Debug)]
pub(crate) struct Flow {
    journal: Journal,
    /// The time as the script sees it, once it has come to the end of its journal.
    pub(crate) now_seconds: i64,
    random: u64,
    step_random: Option<u64>,
    voice: Voice,
    queue: Vec<PlacedAction>,
    pending: Option<PendingStep>,
    /// A request on its way: its digest, and where it was made.
    request: Option<(u32, Option<Place>)>,
    legs: Legs,
    /// The flow that this one becomes.
    becoming: Option<Becoming>,
    /// Whether the event at hand has been held against the pending step.
    has_met: bool,
    /// The first leg has ended.
    is_over: bool,
    /// Why the flow cannot go on.
    failure: Option<Error>,
    /// The event that it began with here: what `call` says of itself.
    began_with: Arc<Event>,
    /// The prelude's own half.
    table: Table,
}

/// A step whose result is saved.
#[derive(Clone, Copy)]
pub(crate) struct EndedStep<'a> {
    pub(crate) kind: StepKind,
    pub(crate) digest: u32,
    /// Where it was called.
    pub(crate) place: Option<&'a Place>,
    /// Whether what was queued was sent with it.
    pub(crate) is_sent: bool,
}

impl Flow {
    /// A flow of a call that begins with this event, or of one that has a journal. `None` where
    /// there is a journal that cannot be read.
    fn begin(table: Table, event: &Arc<Event>, now_seconds: i64, given: &Given) -> Option<Self> {
        // Its earlier events may have come to nothing.
        let is_connected = |leg: Participant<'_>| leg.status() == Status::Connected;
        let is_up = event.event_type() == EventType::CallAnswered
            || event.first_leg().is_some_and(is_connected);
        let random = event.call_id().unwrap_or_default().bytes();
        let random = random.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let has_met = given.journal.is_none() || given.has_become;
        let journal = match &given.journal {
            Some(saved) => saved.journal()?.clone(),
            None => {
                let rule = event.rule_id().unwrap_or_default();
                let mut journal = Journal::begin(now_seconds, rule, SipHeaders::write(event), None);
                journal.notes.is_answered = is_up && is_outbound(event);
                journal
            }
        };
        let legs = legs_of(&journal);
        let later: i64 = journal.entries().iter().map(|entry| entry.later).sum();
        Some(Self {
            now_seconds: journal.started + later,
            random: random.wrapping_add(u64::from(journal.epoch())),
            journal,
            step_random: None,
            voice: Voice::default(),
            queue: Vec::new(),
            pending: None,
            request: None,
            legs,
            becoming: None,
            has_met,
            is_over: false,
            failure: None,
            began_with: Arc::clone(event),
            table,
        })
    }

    /// Whether the script does again what it has done before: it must not be seen doing it.
    pub(crate) fn is_silent(&self) -> bool {
        !self.has_met && self.pending.is_none()
    }

    /// The script does something else than what the journal says it did.
    fn differs(&mut self, number: usize, kind: StepKind) {
        let entry = self.journal.entries().get(number).map(|entry| entry.kind);
        let before = entry.or(self.journal.notes.step.map(|(kind, _)| kind));
        let was = match before {
            None => "there was no such step".to_owned(),
            Some(before) if before == kind => "it had other options".to_owned(),
            Some(before) => format!("it was {}", label_of(before)),
        };
        let message = format!(
            "the script changed since this call began: its step {} is {} now; when the call got there, {was}",
            number + 1,
            label_of(kind)
        );
        self.failure = Some(Error::Mismatch { message });
    }

    /// Queues an action.
    fn queue(
        &mut self,
        site: &BuildContext<'_>,
        name: &str,
        options: &LuaValue,
        place: Option<Place>,
    ) -> Result<(), Unsayable> {
        let actions = site.queued(name, options)?;
        let count = self.queue.len() + actions.len();
        // What is never sent would only fill the memory.
        if count > ACTIONS {
            return Err(Unsayable::Refused(format!(
                "call:{name}: {count} actions would be queued, and the service takes {ACTIONS} at once; send some earlier with call:flush()"
            )));
        }
        self.queue.extend(at(actions, place.as_ref()));
        Ok(())
    }

    /// Has the flow wait: the queue and the method's own actions are the list at hand.
    fn wait(
        &mut self,
        site: &BuildContext<'_>,
        kind: StepKind,
        digest: u32,
        options: &LuaValue,
        place: Option<Place>,
    ) -> Result<(), Unsayable> {
        let mut pending = site.waiting(kind, options)?;
        let count = pending.actions.len();
        if count > ACTIONS {
            return Err(Unsayable::Refused(format!(
                "{}: it is {count} actions, and the service takes {ACTIONS}; give it fewer parts",
                label_of(kind),
            )));
        }
        let is_first = !self.journal.entries().iter().any(|entry| entry.kind.is_sent());
        let is_silent = !pending.waits.has_said && self.queue.is_empty();
        let is_unanswered = is_first && site.event.event_type() == EventType::NewInboundCall;
        if kind == StepKind::WAIT && is_unanswered && is_silent {
            let text = "call:wait: the call is not answered yet, so the caller would hear only ringing; say something first";
            return Err(Unsayable::Refused(text.to_owned()));
        }
        let own = pending
            .actions
            .into_iter()
            .map(|placed| PlacedAction { place: place.clone(), ..placed });
        let mut actions = std::mem::take(&mut self.queue);
        actions.extend(own);
        match self.journal.notes.step.filter(|_| !self.has_met) {
            // The step at which the call waits is another one now: what comes would mean nothing to
            // it.
            Some(before) if before != (kind, digest) => {
                self.differs(self.journal.entries().len(), kind)
            }
            _ => self.journal.notes.step = Some((kind, digest)),
        }
        self.journal.notes.is_secret = pending.is_secret;
        pending.actions = actions;
        pending.place = place;
        pending.digest = digest;
        self.pending = Some(pending);
        Ok(())
    }

    /// Saves the result of the current step.
    ///
    /// # Errors
    /// Where the journal has no room for it.
    fn record(
        &mut self,
        step: EndedStep<'_>,
        now_seconds: i64,
        recorded: &StepResult,
        limits: Limits,
    ) -> Result<(), Error> {
        let EndedStep { kind, digest, place, is_sent } = step;
        let too_long =
            |message: String| Error::Raised { place: place.cloned(), message, trace: Vec::new() };
        let later = (now_seconds - self.now_seconds).max(0);
        self.now_seconds += later;
        self.legs.take_in(recorded);
        if let StepResult::Leg(ConnectedLeg { tag, .. }) = recorded {
            // Who had this tag before is not meant by it any more.
            self.journal
                .notes
                .kept
                .retain(|kept| !matches!(kept, StepResult::Left(left) if left == tag));
        }
        self.step_random = None;
        let entry = JournalEntry { kind, is_sent, digest, later, result: recorded.clone() };
        if let Err(chars) = self.journal.add(entry, limits.value_chars + 16) {
            let way_out = match kind {
                StepKind::STEP => "return only what you need of it",
                kind if kind.is_sent() => "store journals in S3 (MOONRING_STATE)",
                _ => "wrap it in call:step(name, fn) and return only what you need of it",
            };
            return Err(too_long(format!(
                "{}: the step result has {chars} characters, and a flow saves at most {}; {way_out}",
                label_of(kind),
                limits.value_chars
            )));
        }
        self.journal.notes.skip = 0;
        self.journal.notes.retire_sent();
        self.journal.notes.heard_later = 0;
        self.journal.notes.tries = 0;
        self.journal.notes.failed = None;
        let all = self.journal.needed_chars();
        if all > limits.journal_chars {
            return Err(too_long(format!(
                "{}: the journal of this call would have {all} characters, and the limit is {}; make fewer steps: wrap requests \
                 that belong together in one call:step(name, fn), begin a new journal with call:become, or store journals in S3 \
                 (MOONRING_STATE)",
                label_of(kind),
                limits.journal_chars
            )));
        }
        Ok(())
    }

    /// Whether the replies to the requests on their way are recorded.
    pub(crate) fn records_request(&self) -> bool {
        self.request.is_some()
    }

    /// Whether the call is over for it: what was given to `on_hangup` runs.
    pub(crate) fn is_over(&self) -> bool {
        self.journal.notes.is_over
    }

    /// Whether something was typed in confidence, here or in a flow before this one.
    pub(crate) fn has_secret(&self) -> bool {
        let is_sealed = |entry: &JournalEntry| matches!(entry.result, StepResult::Sealed(_));
        self.journal.handover.as_ref().is_some_and(|handover| handover.has_secret)
            || self.journal.entries().iter().any(is_sealed)
    }

    /// Whether what is typed next is secret.
    pub(crate) fn asks_secret(&self) -> bool {
        self.journal.notes.is_secret
    }

    /// Whether anything is queued.
    fn has_queue(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Holds an event against the pending step.
    fn apply(&mut self, event: &Event, now_seconds: i64, limits: Limits) -> StepEvent {
        self.has_met = true;
        let waited = self.waited(now_seconds);
        let left = limits.journal_chars.saturating_sub(self.journal.needed_chars() + ENTRY);
        // Updates come from outside, as many as somebody sends: the steps to come keep most of it.
        let room = UpdateRoom { most: limits.value_chars, left: left / UPDATE_SHARE };
        let Some(pending) = &self.pending else { return StepEvent::Ignored };
        pending.apply(event, &mut self.journal.notes, &mut self.legs, waited, room)
    }

    /// How long the step at hand waits already.
    fn waited(&self, now_seconds: i64) -> Duration {
        let since = self.now_seconds + self.journal.notes.heard_later;
        Duration::from_secs(u64::try_from(now_seconds - since).unwrap_or(0))
    }

    /// What is to be sent for the pending step, from one of its actions on.
    fn list(&mut self, event: &Event, from: usize, now_seconds: i64) -> Vec<PlacedAction> {
        let waited = self.waited(now_seconds);
        let Some(pending) = &self.pending else { return Vec::new() };
        let mut list = pending.from(from, waited);
        let sent = pending.on_line(&self.journal.notes, &list, from);
        // The same again, or the rest of it: nothing of it can come late.
        self.journal.notes.sent = sent;
        // Where the list is full, the hang-up comes when the last of it was heard.
        let has_room = list.len() < ACTIONS;
        if pending.kind == StepKind::END
            && has_room
            && !other_legs(event).any(|leg| !self.legs.was(leg.id()))
        {
            let first = event.first_leg().and_then(Participant::id).map(str::to_owned);
            list.push(PlacedAction { action: hang_up(first, None), place: None });
        }
        list
    }

    /// Whether nothing that is sent now would be carried out: an outbound call nobody has answered
    /// yet (rule 15).
    fn is_unheard(&self, event: &Event) -> bool {
        is_outbound(event) && !self.journal.notes.is_answered
    }

    /// The words for `on_hangup`.
    fn ended_why(&self, event: &Event) -> &'static str {
        match self.journal.failed {
            Some(_) => "error",
            None if self.is_unheard(event) => unanswered_reason(event),
            None => "hangup",
        }
    }

    /// The SIP rule of the call.
    pub(crate) fn rule_id(&self) -> Option<&str> {
        Some(self.journal.rule.as_str()).filter(|rule| !rule.is_empty())
    }

    /// The journal at this moment, if there is room for it.
    pub(crate) fn journal(&self, limits: Limits) -> Option<Journal> {
        (self.journal.needed_chars() <= limits.journal_chars).then(|| self.journal.clone())
    }

    /// The prelude's half of the flow.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// Makes a flow that waited ready for its next event.
    pub(crate) fn wake(&mut self) {
        self.has_met = false;
    }

    /// The journal as it is now, to travel with the call.
    pub(crate) fn save(&self) -> SavedJournal {
        SavedJournal::print(&self.journal)
    }

    /// A number from 0 to 1, the next of a row that depends on the call alone. A step, which is not
    /// done again in a replay, draws from a row of its own.
    fn random(&mut self, is_in_step: bool) -> f64 {
        let steps = self.journal.entries().len() as u64;
        let row = match is_in_step {
            true => self
                .step_random
                .get_or_insert(self.random ^ steps.wrapping_mul(0xd6e8_feb8_6659_fd93)),
            false => &mut self.random,
        };
        *row = row.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *row;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        #[allow(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
        return (mixed >> 11) as f64 / (1_u64 << 53) as f64;
    }
}
