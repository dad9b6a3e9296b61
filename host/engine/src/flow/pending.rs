//! The step a flow waits at: the list of actions it sent, and what ends it.

use std::time::Duration;

use moonring_wire::{Action, Event, EventType, Status};
use serde_json::Value;

use super::build::other_legs;
use super::failure::Failure;
use super::journal::Notes;
use super::legs::{Legs, Meant};
use super::outcome::{acted, bot_result, connected};
use super::recorded::Recorded;
use super::sent::{SentAction, found, is_former};
use super::step_kind::StepKind;
use super::{VALUE, is_outbound};
use crate::Place;

/// What the clock may be behind.
const SECOND: Duration = Duration::from_secs(1);
/// How often a call is hung up that will not end.
pub(super) const HANGUPS: usize = 3;

/// A step that has not ended yet.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(super) kind: StepKind,
    pub(super) digest: u32,
    /// What was queued, and then the method's own.
    pub(super) actions: Vec<(Action, Option<Place>)>,
    /// How many of them are the method's own.
    pub(super) own: usize,
    pub(super) waits: Waits,
    /// What is typed is secret.
    pub(super) is_secret: bool,
    /// Where the method was called.
    pub(super) place: Option<Place>,
}

/// What more may end a `wait` or a `leg:hangup`.
#[derive(Debug, Clone, Default)]
pub(super) struct Waits {
    pub(super) digits: bool,
    pub(super) update: bool,
    pub(super) timeout: Option<Duration>,
    /// Whether the last action is a prompt or a pause, whose end is looked at.
    pub(super) has_prompt: bool,
    /// Whether that prompt is one that is heard.
    pub(super) has_said: bool,
    /// Whether the last two actions are a text and the silence behind it, and whether the text is said again after that.
    pub(super) says: bool,
    pub(super) says_again: bool,
    /// The tag of the leg that is to end.
    pub(super) leg: Option<String>,
}

/// What an event means to a waiting step.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Met {
    /// Nothing.
    Ignored,
    /// It ends the step.
    Ends(Recorded),
    /// The list is sent again, from this action.
    Resend(usize),
    /// The first leg has ended; what the step may still get of it.
    Over(Option<Recorded>),
    /// The call is to be hung up: the flow had ended, and the other side has left.
    HangUp,
    /// The service refused the last answer, for this reason.
    Refused(String),
}

impl Pending {
    pub(super) fn new(kind: StepKind, actions: Vec<Action>) -> Self {
        let own = actions.len();
        let actions = actions.into_iter().map(|action| (action, None)).collect();
        Self { kind, digest: 0, actions, own, waits: Waits::default(), is_secret: false, place: None }
    }

    /// Holds an event against the step. `waited` is how long it waits already.
    pub(super) fn meet(&self, event: &Event, notes: &mut Notes, legs: &mut Legs, waited: Duration) -> Met {
        match event.event_type() {
            EventType::Hangup => self.hung_up(event, notes, legs),
            EventType::ActionSuccessful | EventType::ActionFailed => self.reported(event, notes, waited),
            EventType::DigitsReceived if self.kind == StepKind::Wait && self.waits.digits => {
                let sent = self.sent(notes);
                let is_ours = found(event, &sent, &notes.former).is_some_and(|index| sent[index].is_own);
                match event.received_digits().filter(|_| is_ours) {
                    Some(digits) => Met::Ends(Recorded::Pressed(digits.to_owned())),
                    None => Met::Ignored,
                }
            }
            EventType::CallUpdateRequested => {
                let arguments = event.action_parameter("Arguments").and_then(Value::as_object);
                let arguments = arguments.cloned().unwrap_or_default();
                let is_long = Value::Object(arguments.clone()).to_string().chars().count() > VALUE;
                match (self.kind == StepKind::Wait && self.waits.update, is_long) {
                    (true, false) => return Met::Ends(Recorded::Updated(arguments)),
                    (true, true) => {
                        let text = format!("the update has more than {VALUE} characters as JSON");
                        return Met::Ends(Recorded::Failed(Failure::new("invalid", text)));
                    }
                    (false, false) => notes.keep(Recorded::Updated(arguments)),
                    (false, true) => {}
                }
                Met::Ignored
            }
            EventType::CallAnswered if !notes.is_answered && is_outbound(event) && Meant::of(event).is_first => {
                notes.is_answered = true;
                // What rings is not waited for.
                notes.heard_later = i64::try_from(waited.as_secs()).unwrap_or(0);
                if self.kind == StepKind::WaitForAnswer { Met::Ends(Recorded::True) } else { Met::Resend(0) }
            }
            EventType::InvalidLambdaResponse => {
                Met::Refused(event.error_text().as_deref().unwrap_or("no reason given").to_owned())
            }
            _ => Met::Ignored,
        }
    }

    /// What a `wait` that has just begun finds waiting for it.
    pub(super) fn take_kept(&self, notes: &mut Notes) -> Option<Recorded> {
        let is_wanted = |kept: &Recorded| match kept {
            Recorded::Updated(_) => self.waits.update,
            _ => true,
        };
        let found = notes.kept.iter().position(is_wanted).filter(|_| self.kind == StepKind::Wait)?;
        Some(notes.kept.remove(found))
    }

    /// What was sent last. A journal of an older host does not say: then it is what would be sent now.
    fn sent(&self, notes: &Notes) -> Vec<SentAction> {
        if !notes.sent.is_empty() {
            return notes.sent.clone();
        }
        let mut sent = self.signature(self.actions.get(notes.skip..).unwrap_or_default(), notes.skip);
        // An older host said it again and again, without a silence behind it.
        if self.waits.says {
            sent.pop();
        }
        sent
    }

    /// What a list says of itself that begins with the action of this index.
    fn signature(&self, list: &[(Action, Option<Place>)], first: usize) -> Vec<SentAction> {
        let queued = self.actions.len().saturating_sub(self.own);
        list.iter().zip(first..).map(|((action, _), index)| SentAction::of(action, index >= queued)).collect()
    }

    /// What is on the line once this list is sent, which begins with the action of this index: keys are still listened for.
    pub(super) fn on_line(&self, notes: &Notes, list: &[(Action, Option<Place>)], first: usize) -> Vec<SentAction> {
        let is_listening = list.iter().any(|(action, _)| action.action_type == "ReceiveDigits");
        let listens = |sent: &&SentAction| !is_listening && self.kind == StepKind::Wait && sent.is("ReceiveDigits");
        let sent = notes.sent.iter().filter(listens).copied().chain(self.signature(list, first));
        sent.take(2 * super::ACTIONS).collect()
    }

    /// Whether nothing of the list runs any more after this event, which is about one of its actions.
    pub(super) fn is_done_after(&self, event: &Event, notes: &Notes) -> bool {
        let sent = self.sent(notes);
        match event.event_type() {
            // The rest of the list is dropped, whatever it is that has failed (rule 22).
            EventType::ActionFailed => found(event, &sent, &notes.former).is_some() || !is_former(event, &notes.former),
            EventType::ActionSuccessful => {
                let index = found(event, &sent, &notes.former);
                index.is_some_and(|index| index + 1 == sent.len()) || sent.last().is_some_and(|last| last.is_of(event))
            }
            _ => false,
        }
    }

    /// The actions that are sent from one of them on, `waited` being how long the step waits already. Where a `wait` has a time, its silence lasts no
    /// longer than what is left of that: so the text goes alone, since nobody knows how long it takes to say it.
    pub(super) fn from(&self, first: usize, waited: Duration) -> Vec<(Action, Option<Place>)> {
        let mut list = self.actions.get(first..).unwrap_or_default().to_vec();
        let left = self.waits.timeout.map(|most| most.saturating_sub(waited)).filter(|_| self.waits.says);
        if left.is_some() && list.len() > 1 {
            list.pop();
        } else if let (Some(left), Some((last, _))) = (left, list.last_mut())
            && let Some(Value::Object(parameters)) = &mut last.parameters
            && let Some(ms) = parameters.get("DurationInMilliseconds").and_then(Value::as_u64)
        {
            let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            parameters.insert("DurationInMilliseconds".to_owned(), ms.min(left.max(1)).into());
        }
        list
    }

    fn own_actions(&self) -> impl Iterator<Item = &Action> {
        let queued = self.actions.len().saturating_sub(self.own);
        self.actions.iter().skip(queued).map(|(action, _)| action)
    }

    /// The leg that the method's last action is for.
    pub(super) fn leg_id(&self) -> Option<&str> {
        self.own_actions().last().and_then(|action| action.parameters.as_ref()?.get("CallId")?.as_str())
    }

    /// Whether the method's last action is the end of a leg.
    fn is_hangup(&self) -> bool {
        self.own_actions().last().is_some_and(|action| action.action_type == "Hangup")
    }

    /// Whether the method's last action is for this leg.
    fn is_of(&self, leg: Meant<'_>) -> bool {
        self.leg_id().is_some() && self.leg_id() == leg.id
    }

    fn hung_up(&self, event: &Event, notes: &mut Notes, legs: &mut Legs) -> Met {
        let leg = Meant::of(event);
        if leg.is_first {
            let unanswered = || Failure::new(ended_why(event), "the call was not answered");
            return Met::Over((self.kind == StepKind::WaitForAnswer).then(|| Recorded::Failed(unanswered())));
        }
        // One that was hung up before only says so once more.
        let is_old = legs.has_left(leg);
        let ended = legs.end(leg);
        match self.kind {
            StepKind::LegHangup if self.is_of(leg) => Met::Ends(Recorded::Left(leg.tag.to_owned())),
            // What ended is what was to end.
            StepKind::Act if self.is_of(leg) && self.is_hangup() => Met::Ends(acted(event)),
            StepKind::Bridge if ended.is_none() && !is_old => {
                Met::Ends(Recorded::Failed(Failure::new("no_answer", "the other side hung up before it answered")))
            }
            StepKind::End if !is_old || other_legs(event).next().is_none() => Met::HangUp,
            // The one who was asked is gone.
            kind if kind != StepKind::Wait && self.is_of(leg) => {
                ended.into_iter().for_each(|tag| notes.keep(Recorded::Left(tag)));
                Met::Ends(Recorded::Failed(Failure::new("left", "the leg ended")))
            }
            StepKind::Wait if ended.is_some() => Met::Ends(Recorded::Left(leg.tag.to_owned())),
            _ => {
                ended.into_iter().for_each(|tag| notes.keep(Recorded::Left(tag)));
                Met::Ignored
            }
        }
    }

    /// An action has ended.
    fn reported(&self, event: &Event, notes: &mut Notes, waited: Duration) -> Met {
        let has_failed = event.event_type() == EventType::ActionFailed;
        let is_ending = matches!(self.kind, StepKind::End | StepKind::Hangup);
        if has_failed && is_ending && event.action_type() == Some("Hangup") {
            // Nobody is there whom it could be told: it is tried again, but not for ever.
            notes.failed_hangups += 1;
            return if notes.failed_hangups <= HANGUPS { Met::HangUp } else { Met::Ignored };
        }
        let sent = self.sent(notes);
        // A `wait` looks only at the end of its own prompt or pause.
        let last = sent.last().filter(|last| self.kind != StepKind::Wait || self.waits.has_prompt && last.is_own);
        let found = found(event, &sent, &notes.former);
        let is_last = last.is_some_and(|last| last.is_of(event) || found == Some(sent.len() - 1));
        match found {
            Some(index) if has_failed && !sent[index].is_own => {
                // The silence behind a text may not have been sent with it.
                let unsent = usize::from(self.waits.says && !last.is_some_and(|last| last.is("Pause")));
                let left = (sent.len() - index - 1 + unsent).min(self.actions.len());
                if PROTECTING.iter().any(|action| sent[index].is(action)) {
                    // What stands behind it was to be heard, or said, only after it.
                    notes.skip = self.actions.len() - left;
                    return if is_ending { Met::HangUp } else { Met::Ends(Recorded::Failed(failure(event))) };
                }
                // It is left out, and the rest of the list, which the service has dropped, is sent again.
                notes.skip = self.actions.len() - left;
                notes.failed.get_or_insert_with(|| Recorded::Failed(Failure::of(event)));
                match self.kind {
                    _ if left > 0 => Met::Resend(notes.skip),
                    StepKind::Flush => self.ended(event, notes, waited),
                    // Nothing is left to be sent; where nobody is on the other side, the call ends.
                    StepKind::End => Met::Resend(notes.skip),
                    _ => Met::Ignored,
                }
            }
            Some(_) if has_failed || is_last => self.ended(event, notes, waited),
            _ => Met::Ignored,
        }
    }

    /// The last action has ended, or one of the method's own has failed.
    fn ended(&self, event: &Event, notes: &Notes, waited: Duration) -> Met {
        let has_failed = event.event_type() == EventType::ActionFailed;
        let data = |name: &str| event.action_data().and_then(|data| data.get(name)).or(event.document().get(name));
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        if self.kind == StepKind::Flush {
            return Met::Ends(notes.failed.clone().unwrap_or(if has_failed {
                Recorded::Failed(Failure::of(event))
            } else {
                Recorded::True
            }));
        }
        if matches!(self.kind, StepKind::End | StepKind::Hangup) {
            return if has_failed { Met::HangUp } else { Met::Ignored };
        }
        if has_failed {
            return Met::Ends(Recorded::Failed(failure(event)));
        }
        match self.kind {
            StepKind::Ask | StepKind::Menu => {
                Met::Ends(Recorded::Digits(event.received_digits().unwrap_or_default().to_owned()))
            }
            StepKind::Record => {
                let place = data("RecordingDestination").and_then(Value::as_object);
                let of = |name: &str| text(place.and_then(|place| place.get(name)));
                let (bucket, key) = (of("BucketName"), of("Key"));
                Met::Ends(Recorded::Recording { bucket, key, terminator: text(data("RecordingTerminatorUsed")) })
            }
            StepKind::Bridge | StepKind::JoinMeeting => Met::Ends(
                connected(event)
                    .unwrap_or_else(|| Recorded::Failed(Failure::new("left", "the other side has left again"))),
            ),
            StepKind::Bot => Met::Ends(Recorded::Value(bot_result(data("IntentResult")))),
            StepKind::Act => Met::Ends(acted(event)),
            // The clock has whole seconds; a pause is as long as the time.
            StepKind::Wait if self.waits.timeout.is_some_and(|most| !self.waits.has_said || waited + SECOND > most) => {
                Met::Ends(Recorded::TimedOut)
            }
            // Only the prompt: keys are listened for all the time, and those of an input must not be forgotten half-way.
            StepKind::Wait => {
                let is_silence_over = event.action_type() == Some("Pause");
                Met::Resend(self.actions.len() - if is_silence_over && self.waits.says_again { 2 } else { 1 })
            }
            StepKind::LegHangup => Met::Ends(Recorded::Left(self.waits.leg.clone().unwrap_or_default())),
            _ => Met::Ends(Recorded::True),
        }
    }
}

/// Why an action has failed; `left` where its leg is gone.
fn failure(event: &Event) -> Failure {
    let id = Meant::of(event).id;
    let is_gone = event.participants().any(|leg| leg.id() == id && leg.status() == Status::Disconnected);
    let failure = Failure::of(event);
    let error_type = if is_gone { "left" } else { failure.error_type };
    Failure { error_type, ..failure }
}

/// Actions that keep something from being heard or recorded: what is queued behind one that fails is not sent.
const PROTECTING: [&str; 3] = ["PauseCallRecording", "StopCallRecording", "ModifyChimeMeetingAttendees"];

/// Whether the first leg has ended, as the event shows it.
pub(super) fn is_first_leg_gone(event: &Event) -> bool {
    event.first_leg().is_some_and(|leg| leg.status() == Status::Disconnected)
}

/// Why an outbound call came to nothing, by the code of its HANGUP (rules 16 and 46).
pub(super) fn ended_why(event: &Event) -> &'static str {
    let code = event.action_parameter("SipResponseCode");
    let code = code.and_then(|code| code.as_u64().or_else(|| code.as_str()?.parse().ok()));
    match code {
        Some(480) => "no_answer",
        Some(486) => "busy",
        _ => "failed",
    }
}
