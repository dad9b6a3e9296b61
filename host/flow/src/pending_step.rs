//! The step a flow waits at: the list of actions it sent, and what ends it.

mod ending;

use std::time::Duration;

use moonring_wire::{Action, Event, EventType};
use serde_json::Value;

use crate::journal::JournalNotes;
use crate::legs::{LegRef, Legs, is_outbound};
use crate::limits::ACTIONS;
use crate::place::Place;
use crate::sent_action::{SentAction, found, is_former};
use crate::step_kind::StepKind;
use crate::step_result::StepResult;

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

/// What more may end a step, and what is heard again before it ends.
#[derive(Debug, Clone, Default)]
pub struct Waits {
    /// Digits that are listened for in the background end it.
    pub digits: bool,
    /// An update ends it.
    pub update: bool,
    /// It ends by itself after this time.
    pub timeout: Option<Duration>,
    /// Whether the last action is a prompt or a pause, whose end is looked at.
    pub has_prompt: bool,
    /// Whether that prompt is one that is heard.
    pub has_said: bool,
    /// How many actions are that prompt, or the parts of that pause.
    pub parts: usize,
    /// Whether that pause has parts: it may be shorter than the time, and is sent again then.
    pub is_silence_in_parts: bool,
    /// Whether the last actions are a prompt and the silence behind it.
    pub says: bool,
    /// Whether the prompt is said again behind the silence.
    pub says_again: bool,
    /// How often the whole prompt is heard until digits are right. 0: the service repeats it.
    pub tries: u32,
    /// What digits make an input, where `ask` or `menu` listens for them while its first parts are
    /// heard.
    pub input: WholeInput,
    /// The tag of the leg that is to end.
    pub leg: Option<String>,
}

/// What digits make an input.
#[derive(Debug, Clone, Default)]
pub struct WholeInput {
    /// The digits that may end it, and are no part of it.
    pub terminators: String,
    /// The fewest digits.
    pub min: usize,
    /// The most digits; `None`: any number.
    pub max: Option<usize>,
}

impl WholeInput {
    /// The input in these digits, if they are one. What is typed behind the last of them is no part
    /// of it, as with the service.
    fn of<'a>(&self, digits: &'a str) -> Option<&'a str> {
        let input = digits.strip_suffix(|key| self.terminators.contains(key)).unwrap_or(digits);
        let input = self.max.and_then(|max| input.get(..max)).unwrap_or(input);
        (input.len() >= self.min).then_some(input)
    }
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

/// How long an update may be, in characters of its JSON.
#[derive(Debug, Clone, Copy)]
pub struct UpdateRoom {
    /// The most of any.
    pub most: usize,
    /// What the journal has left.
    pub left: usize,
}

impl UpdateRoom {
    /// Why an update of so many characters cannot be saved.
    fn refusal(self, chars: usize) -> Option<String> {
        const WAY_OUT: &str = "send less, or store journals in S3 (MOONRING_STATE)";
        let Self { most, left } = self;
        if chars > most {
            Some(format!(
                "an update has {chars} characters as JSON, and a flow saves at most {most}; it is left out: {WAY_OUT}"
            ))
        } else if chars > left {
            Some(format!(
                "an update has {chars} characters as JSON, and the journal of this call has room for {left}; it is left out: {WAY_OUT}"
            ))
        } else {
            None
        }
    }
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
                let arguments = event.action_parameter("Arguments").and_then(Value::as_object);
                let arguments = arguments.cloned().unwrap_or_default();
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

    /// How long the silence of one list is.
    fn silence(&self) -> Duration {
        let pauses = self.own_actions().filter(|action| action.action_type == "Pause");
        pauses.filter_map(length_of).sum()
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

    /// The actions that are sent from one of them on, `waited` being how long the step waits
    /// already. What was queued goes alone where it is too much with the method's own. Where a
    /// `wait` has a time, its silence lasts no longer than what is left of that: so the text goes
    /// alone, since nobody knows how long it takes to say it.
    pub fn from(&self, first: usize, waited: Duration) -> Vec<PlacedAction> {
        let mut list = self.actions.get(first..).unwrap_or_default().to_vec();
        if list.len() > ACTIONS {
            list.truncate(self.queued().saturating_sub(first));
            return list;
        }
        if let Some(most) = self.waits.timeout.filter(|_| self.waits.is_silence_in_parts) {
            shorten(&mut list, most.saturating_sub(waited));
            return list;
        }
        let left =
            self.waits.timeout.map(|most| most.saturating_sub(waited)).filter(|_| self.waits.says);
        if left.is_some() && list.len() > 1 {
            list.pop();
        } else if let (Some(left), Some(last)) = (left, list.last_mut())
            && let Some(Value::Object(parameters)) = &mut last.action.parameters
            && let Some(ms) = parameters.get("DurationInMilliseconds").and_then(Value::as_u64)
        {
            let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            parameters.insert("DurationInMilliseconds".to_owned(), ms.min(left.max(1)).into());
        }
        list
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

/// How long a pause is.
fn length_of(pause: &Action) -> Option<Duration> {
    let ms = pause.parameters.as_ref()?.get("DurationInMilliseconds")?.as_u64()?;
    Some(Duration::from_millis(ms))
}

/// Takes away of the pauses at the end of a list what is longer than this, but for a moment.
fn shorten(list: &mut Vec<PlacedAction>, left: Duration) {
    let is_pause = |placed: &PlacedAction| placed.action.action_type == "Pause";
    let first = list.iter().rposition(|placed| !is_pause(placed)).map_or(0, |last| last + 1);
    let mut left = left.max(Duration::from_millis(1));
    let mut kept = first;
    for placed in list.iter_mut().skip(first) {
        let Some(length) = length_of(&placed.action).filter(|_| !left.is_zero()) else { break };
        let length = length.min(left);
        left -= length;
        kept += 1;
        if let Some(Value::Object(parameters)) = &mut placed.action.parameters {
            let ms = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
            parameters.insert("DurationInMilliseconds".to_owned(), ms.into());
        }
    }
    list.truncate(kept);
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
