//! The step a flow waits at: the list of actions it sent, and what ends it.

mod ending;
mod sending;
mod update_room;
mod waits;

use std::time::Duration;

use moonring_wire::{Action, Event, EventType, Json, Object};
use serde_json::Value;

use crate::journal::JournalNotes;
use crate::legs::{LegRef, Legs, is_outbound};
use crate::limits::ACTIONS;
use crate::place::Place;
use crate::sent_action::{SentAction, found, is_former};
use crate::step_kind::StepKind;
use crate::step_result::StepResult;

pub use self::update_room::UpdateRoom;
pub use self::waits::{Waits, WholeInput};

/// What the clock may be behind.
const SECOND: Duration = Duration::from_secs(1);
/// How often a call is hung up that will not end.
pub const HANGUPS: usize = 3;

/// A step that has not ended yet.
#[derive(Debug, Clone)]
pub struct PendingStep {
    /// The type of the dialog action.
    pub kind: StepKind,
    /// What the step is, but for its prompts.
    pub digest: u32,
    /// What was queued, and then the method's own.
    pub actions: Vec<PlacedAction>,
    /// How many of them are the method's own.
    pub own: usize,
    /// What else may end it.
    pub waits: Waits,
    /// What is typed is secret.
    pub is_secret: bool,
    /// Where the method was called.
    pub place: Option<Place>,
    /// What the success of its last action gives.
    pub gives: fn(&Event) -> StepResult,
}

/// An action, and the line of the script that it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedAction {
    /// The action.
    pub action: Action,
    /// Where its method was called, if that is known.
    pub place: Option<Place>,
}

/// What an event means to a waiting step.
#[derive(Debug, Clone, PartialEq)]
pub enum StepEvent {
    /// Nothing.
    Ignored,
    /// It ends the step.
    Ends(StepResult),
    /// The list is sent again, from this action.
    Resend(usize),
    /// The first leg has ended; what the step may still get of it.
    Over(Option<StepResult>),
    /// The call is to be hung up: the flow had ended, and the other side has left.
    HangUp,
    /// The service refused the last answer, for this reason.
    Refused(String),
    /// An update that cannot be saved: it counts for nothing, and the step goes on.
    UpdateLeftOut(String),
}

impl PendingStep {
    /// A step that sends these actions of its own.
    pub fn new(kind: StepKind, actions: Vec<Action>) -> Self {
        let own = actions.len();
        let actions =
            actions.into_iter().map(|action| PlacedAction { action, place: None }).collect();
        Self {
            kind,
            digest: 0,
            actions,
            own,
            waits: Waits::default(),
            is_secret: false,
            place: None,
            gives: |_| StepResult::True,
        }
    }

    /// The same step, whose success gives this.
    #[must_use]
    pub fn giving(self, gives: fn(&Event) -> StepResult) -> Self {
        Self { gives, ..self }
    }

    /// Holds an event against the step. `waited` is how long it waits already.
    pub fn apply(
        &self,
        event: &Event,
        notes: &mut JournalNotes,
        legs: &mut Legs,
        waited: Duration,
        room: UpdateRoom,
    ) -> StepEvent {
        match event.event_type() {
            EventType::Hangup => self.hung_up(event, notes, legs),
            EventType::ActionSuccessful | EventType::ActionFailed
                if self.is_too_early(event, waited, notes) =>
            {
                StepEvent::Ignored
            }
            EventType::ActionSuccessful | EventType::ActionFailed => {
                self.reported(event, notes, waited)
            }
            EventType::DigitsReceived if self.waits.digits => {
                let sent = self.sent(notes);
                let is_ours =
                    found(event, &sent, &notes.former).is_some_and(|index| sent[index].is_own);
                match event.received_digits().filter(|_| is_ours) {
                    Some(digits) if self.kind == StepKind::WAIT => {
                        StepEvent::Ends(StepResult::Pressed(digits.to_owned()))
                    }
                    Some(digits) => match self.waits.input.of(digits) {
                        Some(input) => StepEvent::Ends(StepResult::Digits(input.to_owned())),
                        None => StepEvent::Ignored,
                    },
                    None => StepEvent::Ignored,
                }
            }
            EventType::CallUpdateRequested => {
                let arguments = event.action_parameter("Arguments").and_then(Json::as_object);
                let arguments = arguments.map(Object::to_map).unwrap_or_default();
                let chars = Value::Object(arguments.clone()).to_string().chars().count();
                if let Some(why) = room.refusal(chars) {
                    return StepEvent::UpdateLeftOut(why);
                }
                let update = StepResult::Updated(arguments);
                if self.kind == StepKind::WAIT && self.waits.update {
                    return StepEvent::Ends(update);
                }
                notes.keep(update);
                StepEvent::Ignored
            }
            EventType::CallAnswered
                if !notes.is_answered && is_outbound(event) && LegRef::of(event).is_first =>
            {
                notes.is_answered = true;
                // What rings is not waited for.
                notes.heard_later = i64::try_from(waited.as_secs()).unwrap_or(0);
                if self.kind == StepKind::WAIT_FOR_ANSWER {
                    StepEvent::Ends(StepResult::True)
                } else {
                    StepEvent::Resend(0)
                }
            }
            EventType::InvalidLambdaResponse => StepEvent::Refused(
                event.error_text().as_deref().unwrap_or("no reason given").to_owned(),
            ),
            _ => StepEvent::Ignored,
        }
    }

    /// What a `wait` that has just begun finds waiting for it.
    pub fn take_kept(&self, notes: &mut JournalNotes) -> Option<StepResult> {
        let is_wanted = |kept: &StepResult| match kept {
            StepResult::Updated(_) => self.waits.update,
            _ => true,
        };
        let found =
            notes.kept.iter().position(is_wanted).filter(|_| self.kind == StepKind::WAIT)?;
        Some(notes.kept.remove(found))
    }

    /// What was sent last. A journal of an older host does not say: then it is what would be sent
    /// now.
    fn sent(&self, notes: &JournalNotes) -> Vec<SentAction> {
        if !notes.sent.is_empty() {
            return notes.sent.clone();
        }
        let mut sent =
            self.signature(self.actions.get(notes.skip..).unwrap_or_default(), notes.skip);
        // An older host said it again and again, without a silence behind it.
        if self.waits.says {
            sent.pop();
        }
        sent
    }

    /// What a list says of itself that begins with the action of this index.
    fn signature(&self, list: &[PlacedAction], first: usize) -> Vec<SentAction> {
        list.iter()
            .zip(first..)
            .map(|(placed, index)| SentAction::of(&placed.action, index >= self.queued()))
            .collect()
    }

    /// What is on the line once this list is sent, which begins with the action of this index: keys
    /// are still listened for.
    pub fn on_line(
        &self,
        notes: &JournalNotes,
        list: &[PlacedAction],
        first: usize,
    ) -> Vec<SentAction> {
        let is_listening = list.iter().any(|placed| placed.action.action_type == "ReceiveDigits");
        let listens = |sent: &&SentAction| {
            !is_listening && self.kind == StepKind::WAIT && sent.is("ReceiveDigits")
        };
        let sent = notes.sent.iter().filter(listens).copied().chain(self.signature(list, first));
        sent.take(2 * ACTIONS).collect()
    }

    /// Whether an event is the end of a silence that cannot be over yet: it is the one of the step
    /// before, which was as long.
    pub fn is_too_early(&self, event: &Event, waited: Duration, notes: &JournalNotes) -> bool {
        let is_silence = !self.waits.has_said && event.action_type() == Some("Pause");
        let lists = notes.tries + 1;
        let until = self.waits.timeout.map(|most| most.min(self.silence() * lists));
        self.kind == StepKind::WAIT
            && is_silence
            && event.event_type() == EventType::ActionSuccessful
            && until.is_some_and(|until| waited + SECOND < until)
    }

    /// Whether nothing of the list runs any more after this event, which is about one of its
    /// actions.
    pub fn is_done_after(&self, event: &Event, notes: &JournalNotes) -> bool {
        let sent = self.sent(notes);
        match event.event_type() {
            // The rest of the list is dropped, whatever it is that has failed (rule 22).
            EventType::ActionFailed => {
                found(event, &sent, &notes.former).is_some() || !is_former(event, &notes.former)
            }
            EventType::ActionSuccessful => {
                let index = found(event, &sent, &notes.former);
                index.is_some_and(|index| index + 1 == sent.len())
                    || sent.last().is_some_and(|last| last.is_of(event))
            }
            _ => false,
        }
    }

    /// How many actions were queued before the method's own.
    fn queued(&self) -> usize {
        self.actions.len().saturating_sub(self.own)
    }

    fn own_actions(&self) -> impl Iterator<Item = &Action> {
        self.actions.iter().skip(self.queued()).map(|placed| &placed.action)
    }

    /// The leg that the method's last action is for.
    pub fn leg_id(&self) -> Option<&str> {
        self.own_actions()
            .last()
            .and_then(|action| action.parameters.as_ref()?.get("CallId")?.as_str())
    }

    /// Whether the method's last action is the end of a leg.
    fn is_hangup(&self) -> bool {
        self.own_actions().last().is_some_and(|action| action.action_type == "Hangup")
    }

    /// Whether the method's last action is for this leg.
    fn is_of(&self, leg: LegRef<'_>) -> bool {
        self.leg_id().is_some() && self.leg_id() == leg.id
    }
}

/// Actions that keep something from being heard or recorded: what is queued behind one that fails
/// is not sent.
const PROTECTING: [&str; 3] =
    ["PauseCallRecording", "StopCallRecording", "ModifyChimeMeetingAttendees"];

/// Why an outbound call came to nothing, by the code of its HANGUP (rules 16 and 46).
pub fn unanswered_reason(event: &Event) -> &'static str {
    let code = event.action_parameter("SipResponseCode");
    let code = code.and_then(|code| code.as_u64().or_else(|| code.as_str()?.parse().ok()));
    match code {
        Some(480) => "no_answer",
        Some(486) => "busy",
        _ => "failed",
    }
}
