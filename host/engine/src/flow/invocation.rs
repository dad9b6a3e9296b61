//! What becomes of an event once its flow waits: the event ends the step and the flow goes on, or
//! an answer is given.

use mlua::{IntoLuaMulti as _, MultiValue};
use moonring_flow::{
    HANGUPS, LegRef, MESSAGE_BYTES, Reply, SavedJournal, Seal, Secrets, StepEvent, StepKind,
    StepResult, is_first_leg_gone, other_legs, truncate,
};
use moonring_wire::{Answer, Event, EventType, Participant};
use serde_json::Value;

use super::farewell::Farewell;
use super::method::{hang_up, label_of};
use super::to_lua::{replies, results};
use super::{EndedStep, Flow, Successor};
use crate::LogLevel;
use crate::error::Error;
use crate::handlers::Failure;
use crate::vm::bindings::EventContext;
use crate::vm::program::Vm;
use crate::vm::run_result::ActionOrigin;

/// How it goes on.
pub(crate) enum Go {
    /// The event is answered; the flow waits, or is over.
    Answer(Answer),
    /// The flow goes on with this.
    Resume(MultiValue),
    /// The call is over: what was given to `on_hangup` runs, for this reason.
    Farewell(Farewell),
}

/// The answer to an event of a call whose flow has failed before; `None` where the flow is needed
/// again.
///
/// # Errors
/// [`Error::FlowOver`], where the fallback is to be given again.
pub(crate) fn after_failure(
    event: &Event,
    journal: Option<&SavedJournal>,
) -> Result<Option<Answer>, Error> {
    let Some(failed) = journal.and_then(SavedJournal::failed) else { return Ok(None) };
    match event.event_type() {
        EventType::Hangup if is_end_of_first_leg(event) && failed.has_steps => Ok(None),
        EventType::Hangup if is_end_of_first_leg(event) => Ok(Some(farewell_answer(event))),
        EventType::Hangup if !is_first_leg_gone(event) && other_legs(event).next().is_none() => {
            let mut answer = Answer::keep(Some(event));
            answer.actions = Some(vec![hang_up(first_leg(event), None)]);
            Ok(Some(answer))
        }
        _ if is_first_leg_gone(event) => Ok(Some(farewell_answer(event))),
        EventType::ActionFailed | EventType::InvalidLambdaResponse | EventType::CallAnswered => {
            Err(Error::FlowOver)
        }
        // What failed at an event that takes no actions has still to be made good.
        EventType::ActionSuccessful
        | EventType::CallUpdateRequested
        | EventType::DigitsReceived
            if !failed.is_heard =>
        {
            Err(Error::FlowOver)
        }
        _ => Ok(Some(Answer::keep(Some(event)))),
    }
}

/// The answer to the end of the first leg: the other one ends too.
pub(crate) fn farewell_answer(event: &Event) -> Answer {
    let mut answer = Answer::keep(Some(event));
    let others = other_legs(event).filter_map(Participant::id);
    let actions: Vec<_> = others.map(|id| hang_up(Some(id.to_owned()), None)).collect();
    answer.actions = Some(actions).filter(|actions| !actions.is_empty());
    answer
}

impl Vm {
    /// A flow has yielded: it `waits`, or it has no more to do.
    ///
    /// # Errors
    /// Why the flow cannot go on.
    pub(crate) fn flow_yielded(&self, event: &Event, waits: bool) -> Result<Go, Failure> {
        let mut facts = self.current.facts.borrow_mut();
        let now = facts.now_seconds;
        let lost = || Error::Engine("a flow yielded that never began".to_owned());
        let EventContext { flow, log, given, .. } = &mut *facts;
        let flow = flow.as_mut().ok_or_else(lost)?;
        let (secrets, call) = (&given.secrets, event.call_id().unwrap_or_default());
        if let Some(error) = flow.failure.take() {
            return Err(error.into());
        }
        let is_end = is_end_of_first_leg(event);
        if flow.journal.notes.is_over {
            return Ok(Go::Answer(flow.after_the_end(event)));
        }
        if !waits {
            return Ok(if is_end {
                flow.farewell(event, now)
            } else {
                Go::Answer(farewell_answer(event))
            });
        }
        if flow.has_met {
            return match flow.immediate(event) {
                Some(recorded) => {
                    // What was queued is still to be sent.
                    if let Some(pending) = &mut flow.pending {
                        let queued = pending.actions.len() - pending.own;
                        flow.queue = pending.actions.drain(..queued).collect();
                    }
                    self.ends(flow, recorded, secrets, call, now, false)
                }
                None => Ok(Go::Answer(self.answer_with(flow, event, 0, now))),
            };
        }
        let may_end =
            matches!(event.event_type(), EventType::ActionSuccessful | EventType::ActionFailed);
        let is_stale = is_first_leg_gone(event) && !is_end && !may_end;
        let is_broken = flow.journal.failed.is_some();
        let skipped = flow.journal.notes.skip;
        let is_done = flow.is_done_after(event, now);
        let met = if is_stale { StepEvent::Ignored } else { flow.apply(event, now, self.limits) };
        let has_failed = event.event_type() == EventType::ActionFailed;
        if has_failed && flow.journal.notes.skip > skipped {
            let is_sent = matches!(met, StepEvent::Resend(_) | StepEvent::Ignored);
            log.add(LogLevel::Warn, &flow.left_out(event, is_sent), Value::Null, 0);
        }
        flow.has_met = true;
        match met {
            StepEvent::Ignored if is_stale => Ok(Go::Answer(farewell_answer(event))),
            // Whatever it is, a caller is not left alone in silence.
            StepEvent::Ignored if is_done && is_alone(event) && !flow.is_unheard(event) => {
                Err(flow.silent(event).into())
            }
            StepEvent::Ignored => Ok(Go::Answer(Answer::keep(Some(event)))),
            StepEvent::UpdateLeftOut(why) => {
                log.add(LogLevel::Error, &why, Value::Null, 0);
                Ok(Go::Answer(Answer::keep(Some(event))))
            }
            StepEvent::Ends(recorded) => {
                flow.is_over = is_first_leg_gone(event);
                self.ends(flow, recorded, secrets, call, now, true)
            }
            // Nobody is there who could hear it.
            StepEvent::Resend(_) if is_first_leg_gone(event) => {
                Ok(Go::Answer(Answer::keep(Some(event))))
            }
            StepEvent::Resend(from) => Ok(Go::Answer(self.answer_with(flow, event, from, now))),
            StepEvent::Over(Some(recorded)) if !is_broken => {
                flow.is_over = true;
                self.ends(flow, recorded, secrets, call, now, true)
            }
            StepEvent::Over(_) => Ok(flow.farewell(event, now)),
            StepEvent::HangUp => {
                let mut answer = Answer::keep(Some(event));
                answer.actions = Some(vec![hang_up(first_leg(event), None)]);
                Ok(Go::Answer(answer))
            }
            StepEvent::Refused(why) => {
                let place = flow.pending.as_ref().and_then(|pending| pending.place.clone());
                let step =
                    flow.pending.as_ref().map_or("the flow", |pending| label_of(pending.kind));
                let message = format!("the service refused what {step} sent ({why})");
                Err(Error::Answer { place, message }.into())
            }
        }
    }

    /// A flow has failed. Whether this is the end of its call, and what it gave to `on_hangup` is
    /// still to run.
    pub(crate) fn flow_failed(&self, event: &Event) -> bool {
        let mut facts = self.current.facts.borrow_mut();
        let now = facts.now_seconds;
        let Some(flow) = facts.flow.as_mut() else { return false };
        if flow.journal.notes.is_over || !is_end_of_first_leg(event) {
            return false;
        }
        flow.has_met = true;
        flow.farewell(event, now);
        true
    }

    /// Why the flow cannot go on, if it cannot.
    pub(crate) fn flow_failure(&self) -> Option<Error> {
        self.current.facts.borrow_mut().flow.as_mut().and_then(|flow| flow.failure.take())
    }

    /// The script that a flow becomes, and the journal that it begins with.
    ///
    /// # Errors
    /// Where no flow is about to.
    pub(crate) fn flow_becomes(&self, event: &Event) -> Result<Successor, Failure> {
        let facts = self.current.facts.borrow();
        let becomes = facts.flow.as_ref().and_then(|flow| flow.successor(event, facts.now_seconds));
        becomes.ok_or_else(|| Error::Engine("a flow has no script to become".to_owned()).into())
    }

    /// From now on the flow of this journal has the call.
    pub(crate) fn flow_became(&self, journal: SavedJournal) {
        let mut facts = self.current.facts.borrow_mut();
        facts.flow = None;
        facts.given.journal = Some(journal);
        facts.given.has_become = true;
    }

    /// Replies as a flow has them, at once and in every replay: a service may have much to say of
    /// why it refuses.
    pub(crate) fn flow_shortened(&self, came: &[Reply]) -> Vec<Reply> {
        match self.current.facts.borrow().flow {
            Some(_) => came.iter().map(short).collect(),
            None => came.to_vec(),
        }
    }

    /// Saves the replies to the requests that the flow made, and hands it over.
    ///
    /// # Errors
    /// Where the journal has no room for it.
    pub(crate) fn flow_replied(&self, came: &[Reply]) -> Result<(), Failure> {
        let mut facts = self.current.facts.borrow_mut();
        let now = facts.now_seconds;
        let Some(flow) = facts.flow.as_mut() else { return Ok(()) };
        let Some((digest, place)) = flow.request.take() else { return Ok(()) };
        let recorded = StepResult::Replies(came.to_vec());
        flow.record(
            EndedStep { kind: StepKind::REQUEST, digest, place: place.as_ref(), is_sent: true },
            now,
            &recorded,
            self.limits,
        )?;
        Ok(())
    }

    /// Replies as the prelude takes them.
    pub(crate) fn replies_to_lua(&self, came: &[Reply]) -> mlua::Result<MultiValue> {
        let lua = &self.sandbox.lua;
        lua.pack_multi(replies(lua, &self.marks.list, came)?)
    }

    fn ends(
        &self,
        flow: &mut Flow,
        recorded: StepResult,
        secrets: &Secrets,
        call: &str,
        now: i64,
        is_sent: bool,
    ) -> Result<Go, Failure> {
        let Some(pending) = flow.pending.take() else {
            return Err(Error::Engine("no step is waiting".to_owned()).into());
        };
        let (kind, digest, place) = (pending.kind, pending.digest, pending.place.as_ref());
        let step = EndedStep { kind, digest, place, is_sent };
        let (value, error) = results(&self.sandbox.lua, &self.marks.list, &recorded)?;
        let recorded = match recorded {
            StepResult::Digits(digits) if pending.is_secret => {
                let at =
                    Seal { call, epoch: flow.journal.epoch(), step: flow.journal.entries().len() };
                let no_key =
                    || Error::Engine("there is no key to encrypt a secret with".to_owned());
                StepResult::Sealed(secrets.seal(at, &digits).ok_or_else(no_key)?)
            }
            plain => plain,
        };
        flow.record(step, now, &recorded, self.limits)?;
        Ok(Go::Resume((value, error, flow.is_over).into_lua_multi(&self.sandbox.lua)?))
    }

    fn answer_with(&self, flow: &mut Flow, event: &Event, from: usize, now: i64) -> Answer {
        let mut answer = Answer::keep(Some(event));
        if flow.is_unheard(event) {
            return answer;
        }
        let list = flow.list(event, from, now);
        let origins = list.iter().map(|placed| ActionOrigin {
            action_type: placed.action.action_type.clone(),
            place: placed.place.clone(),
        });
        *self.marks.origins.borrow_mut() = origins.collect();
        let actions: Vec<_> = list.into_iter().map(|placed| placed.action).collect();
        // Without actions, what runs goes on (rule 24).
        answer.actions = Some(actions).filter(|actions| !actions.is_empty());
        answer
    }
}

impl Flow {
    /// The end of the call; what was given to `on_hangup` sees the time of it.
    fn farewell(&mut self, event: &Event, now: i64) -> Go {
        self.now_seconds = now.max(self.now_seconds);
        self.journal.notes.is_over = true;
        Go::Farewell(self.ended(event))
    }

    /// The answer to an event that comes when the first leg has ended: the other one ends too. A
    /// hang-up that fails is tried again, but not for ever.
    fn after_the_end(&mut self, event: &Event) -> Answer {
        if event.event_type() == EventType::ActionFailed && event.action_type() == Some("Hangup") {
            self.journal.notes.failed_hangups += 1;
        }
        match self.journal.notes.failed_hangups {
            ..=HANGUPS => farewell_answer(event),
            _ => Answer::keep(Some(event)),
        }
    }

    /// What there is to say of an action of the queue that has just failed.
    fn left_out(&self, event: &Event, is_sent: bool) -> String {
        let index = self.journal.notes.skip.saturating_sub(1);
        let place =
            self.pending.as_ref().and_then(|pending| pending.actions.get(index)?.place.as_ref());
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        let (action, why) = (event.action_type().unwrap_or("an action"), event.error_text());
        let then = if is_sent {
            "failed and is skipped"
        } else {
            "failed, and the actions after it are not sent"
        };
        format!("{place}{action} {then} ({})", why.as_deref().unwrap_or("no reason given"))
    }

    /// Nothing runs any more, and the step at hand does not end.
    fn silent(&self, event: &Event) -> Error {
        let pending = self.pending.as_ref();
        let step = pending.map_or("the flow", |pending| label_of(pending.kind));
        let action = event.action_type().unwrap_or("the last action");
        let message = format!(
            "{step}: {action} was the last action running, no other leg is connected, and the caller would hear nothing"
        );
        Error::Answer { place: pending.and_then(|pending| pending.place.clone()), message }
    }

    /// Whether nothing that was sent runs any more after this event.
    fn is_done_after(&self, event: &Event, now: i64) -> bool {
        let waited = self.waited(now);
        self.pending.as_ref().is_some_and(|pending| {
            let notes = &self.journal.notes;
            !pending.is_too_early(event, waited, notes) && pending.is_done_after(event, notes)
        })
    }

    /// What ends a step before anything is sent for it.
    fn immediate(&mut self, event: &Event) -> Option<StepResult> {
        let is_unheard = self.is_unheard(event);
        let pending = self.pending.as_ref()?;
        match pending.kind {
            StepKind::FLUSH if pending.actions.is_empty() => Some(StepResult::True),
            StepKind::WAIT_FOR_ANSWER if !is_unheard => Some(StepResult::True),
            StepKind::LEG_HANGUP if self.legs.was(pending.leg_id()) => {
                Some(StepResult::Left(pending.waits.leg.clone().unwrap_or_default()))
            }
            _ => pending.take_kept(&mut self.journal.notes),
        }
    }
}

/// A reply as it is recorded: a service may have much to say of why it refuses.
fn short(reply: &Reply) -> Reply {
    match reply {
        Reply::Failed { error_type, message, code } => Reply::Failed {
            error_type: error_type.clone(),
            message: truncate(message, MESSAGE_BYTES),
            code: code.clone(),
        },
        done @ Reply::Done(_) => done.clone(),
    }
}

/// Whether the first leg is up and no other is: nobody talks to the caller but the script.
fn is_alone(event: &Event) -> bool {
    !is_first_leg_gone(event) && other_legs(event).next().is_none()
}

/// Whether the event is the end of the first leg.
fn is_end_of_first_leg(event: &Event) -> bool {
    event.event_type() == EventType::Hangup && LegRef::of(event).is_first
}

fn first_leg(event: &Event) -> Option<String> {
    event.first_leg().and_then(Participant::id).map(str::to_owned)
}
