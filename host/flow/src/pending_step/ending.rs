//! What ends a step: a hang-up, or the report of an action.

use std::time::Duration;

use moonring_wire::{Event, EventType, Status};

use super::{HANGUPS, PROTECTING, PendingStep, SECOND, StepEvent, unanswered_reason};
use crate::event_result::acted;
use crate::failure::StepFailure;
use crate::journal::JournalNotes;
use crate::legs::{LegRef, Legs, other_legs};
use crate::limits::ACTIONS;
use crate::sent_action::found;
use crate::step_kind::StepKind;
use crate::step_result::StepResult;

impl PendingStep {
    pub(super) fn hung_up(
        &self,
        event: &Event,
        notes: &mut JournalNotes,
        legs: &mut Legs,
    ) -> StepEvent {
        let leg = LegRef::of(event);
        if leg.is_first {
            let unanswered =
                || StepFailure::new(unanswered_reason(event), "the call was not answered");
            return StepEvent::Over(
                (self.kind == StepKind::WAIT_FOR_ANSWER).then(|| StepResult::Failed(unanswered())),
            );
        }
        // One that was hung up before only says so again.
        let is_old = legs.has_left(leg);
        let ended = legs.end(leg);
        match self.kind {
            StepKind::LEG_HANGUP if self.is_of(leg) => {
                StepEvent::Ends(StepResult::Left(leg.tag.to_owned()))
            }
            // What ended is what was to end.
            StepKind::ACT if self.is_of(leg) && self.is_hangup() => StepEvent::Ends(acted(event)),
            StepKind::BRIDGE if ended.is_none() && !is_old => StepEvent::Ends(StepResult::Failed(
                StepFailure::new("no_answer", "the callee hung up before answering"),
            )),
            StepKind::END if !is_old || other_legs(event).next().is_none() => StepEvent::HangUp,
            // The one who was asked is gone.
            kind if kind != StepKind::WAIT && self.is_of(leg) => {
                ended.into_iter().for_each(|tag| notes.keep(StepResult::Left(tag)));
                StepEvent::Ends(StepResult::Failed(StepFailure::new("left", "the leg ended")))
            }
            StepKind::WAIT if ended.is_some() => {
                StepEvent::Ends(StepResult::Left(leg.tag.to_owned()))
            }
            _ => {
                ended.into_iter().for_each(|tag| notes.keep(StepResult::Left(tag)));
                StepEvent::Ignored
            }
        }
    }

    /// An action has ended.
    pub(super) fn reported(
        &self,
        event: &Event,
        notes: &mut JournalNotes,
        waited: Duration,
    ) -> StepEvent {
        let has_failed = event.event_type() == EventType::ActionFailed;
        let is_ending = matches!(self.kind, StepKind::END | StepKind::HANGUP);
        if has_failed && is_ending && event.action_type() == Some("Hangup") {
            // Nobody is there whom it could be told: it is tried again, but not for ever.
            notes.failed_hangups += 1;
            return if notes.failed_hangups <= HANGUPS {
                StepEvent::HangUp
            } else {
                StepEvent::Ignored
            };
        }
        let sent = self.sent(notes);
        // The method's own actions follow, where what was queued went alone.
        let is_queue_alone = self.own > 0 && !sent.is_empty() && !sent.iter().any(|one| one.is_own);
        // A `wait` looks only at the end of its own prompt or pause.
        let last = sent.last().filter(|last| {
            is_queue_alone || self.kind != StepKind::WAIT || self.waits.has_prompt && last.is_own
        });
        let found = found(event, &sent, &notes.former);
        let is_last = last.is_some_and(|last| last.is_of(event) || found == Some(sent.len() - 1));
        match found {
            Some(index) if has_failed && !sent[index].is_own => {
                // The silence behind a text may not have been sent with it.
                let unsent = match is_queue_alone {
                    true => self.own,
                    false => {
                        usize::from(self.waits.says && !last.is_some_and(|last| last.is("Pause")))
                    }
                };
                let left = (sent.len() - index - 1 + unsent).min(self.actions.len());
                if PROTECTING.iter().any(|action| sent[index].is(action)) {
                    // What stands behind it was to be heard, or said, only after it.
                    notes.skip = self.actions.len() - left;
                    return if is_ending {
                        StepEvent::HangUp
                    } else {
                        StepEvent::Ends(StepResult::Failed(failure(event)))
                    };
                }
                // It is left out, and the rest of the list, which the service has dropped, is sent
                // again.
                notes.skip = self.actions.len() - left;
                notes.failed.get_or_insert_with(|| StepResult::Failed(StepFailure::of(event)));
                match self.kind {
                    _ if left > 0 => StepEvent::Resend(notes.skip),
                    StepKind::FLUSH => self.ended(event, notes, waited),
                    // Nothing is left to be sent; where nobody is on the other side, the call ends.
                    StepKind::END => StepEvent::Resend(notes.skip),
                    _ => StepEvent::Ignored,
                }
            }
            Some(_) if is_queue_alone && is_last => {
                notes.skip = self.queued();
                StepEvent::Resend(notes.skip)
            }
            Some(_) if has_failed || is_last => self.ended(event, notes, waited),
            _ => StepEvent::Ignored,
        }
    }

    /// The last action has ended, or one of the method's own has failed.
    pub(super) fn ended(
        &self,
        event: &Event,
        notes: &mut JournalNotes,
        waited: Duration,
    ) -> StepEvent {
        let has_failed = event.event_type() == EventType::ActionFailed;
        if self.kind == StepKind::FLUSH {
            return StepEvent::Ends(notes.failed.clone().unwrap_or(if has_failed {
                StepResult::Failed(StepFailure::of(event))
            } else {
                StepResult::True
            }));
        }
        if matches!(self.kind, StepKind::END | StepKind::HANGUP) {
            // The list had no room for the hang-up.
            let is_full = self.kind == StepKind::END
                && notes.sent.len() >= ACTIONS
                && other_legs(event).next().is_none();
            return if has_failed || is_full { StepEvent::HangUp } else { StepEvent::Ignored };
        }
        if has_failed {
            let failure = failure(event);
            if failure.error_type == "no_input" && notes.tries + 1 < self.waits.tries {
                notes.tries += 1;
                return StepEvent::Resend(self.queued());
            }
            return StepEvent::Ends(StepResult::Failed(failure));
        }
        let is_whole = !self.waits.has_said && !self.waits.is_silence_in_parts;
        match self.kind {
            // The clock has whole seconds; a pause in one part is as long as the time.
            StepKind::WAIT
                if self.waits.timeout.is_some_and(|most| is_whole || waited + SECOND > most) =>
            {
                StepEvent::Ends(StepResult::TimedOut)
            }
            // Only the prompt: keys are listened for all the time, and those of an input must not
            // be forgotten half-way.
            StepKind::WAIT => {
                let is_silence_over = event.action_type() == Some("Pause");
                let again = match (self.waits.says, is_silence_over && self.waits.says_again) {
                    (true, true) => self.waits.parts + 1,
                    (true, false) => 1,
                    (false, _) => self.waits.parts.max(1),
                };
                if self.waits.is_silence_in_parts {
                    notes.tries += 1;
                }
                StepEvent::Resend(self.actions.len().saturating_sub(again))
            }
            StepKind::LEG_HANGUP => {
                StepEvent::Ends(StepResult::Left(self.waits.leg.clone().unwrap_or_default()))
            }
            _ => StepEvent::Ends((self.gives)(event)),
        }
    }
}

/// Why an action has failed; `left` where its leg is gone.
fn failure(event: &Event) -> StepFailure {
    let id = LegRef::of(event).id;
    let is_gone =
        event.participants().any(|leg| leg.id() == id && leg.status() == Status::Disconnected);
    let failure = StepFailure::of(event);
    let error_type = if is_gone { "left" } else { failure.error_type };
    StepFailure { error_type, ..failure }
}
