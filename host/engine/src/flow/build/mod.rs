//! From what a flow's method was given to the actions that carry it out.

mod collect;
mod others;
mod prompts;
mod recording;
mod wait;

use std::time::Duration;

use mlua::{Table, Value as LuaValue};
use moonring_flow::{PendingStep, Place, StepKind, Waits};
use moonring_flow::{PlacedAction, other_legs};
use moonring_wire::action::{FlagOrText, Hangup, REPORTING, SendDigits, TextOrNumber, VoiceFocus};
use moonring_wire::{Action, Event, Participant};

use super::options::{self, Audio, Prompt, Schemas, Voice, read};
use crate::Buckets;
use crate::answer::{Marks, given_action};
use crate::convert::{Unsayable, describe};

/// What the builders need to know of the call.
pub(super) struct Site<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) list_mark: &'a Table,
    pub(super) marks: &'a Marks,
    /// Whether there is a key to keep secrets with.
    pub(super) has_key: bool,
    pub(super) buckets: &'a Buckets,
    pub(super) voice: &'a Voice,
    pub(super) event: &'a Event,
    /// Whether a second leg is connected.
    pub(super) is_bridged: bool,
}

impl Site<'_> {
    /// The actions of a queued method: one, or as many as a long text has parts.
    pub(super) fn queued(&self, name: &str, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
        let mark = self.list_mark;
        Ok(vec![match name {
            "say" => {
                let prompt: Prompt = read("call:say", options, &self.schemas.prompt, mark)?;
                return self.say("call:say", &prompt);
            }
            "play" => {
                let audio: Audio = read("call:play", options, &self.schemas.audio, mark)?;
                self.play("call:play", &audio)?
            }
            "pause" => self.pause(options)?,
            "send_digits" => {
                let send: options::SendDigits = read("call:send_digits", options, &self.schemas.send_digits, mark)?;
                let tone_duration_in_milliseconds = send.tone.map(small_millis);
                let call_id = self.leg(send.leg.as_ref());
                Action::from_typed(&SendDigits { call_id, digits: send.digits, tone_duration_in_milliseconds })
            }
            "voice_focus" => {
                let focus: options::VoiceFocus = read("call:voice_focus", options, &self.schemas.voice_focus, mark)?;
                let enable = FlagOrText::Flag(focus.on.unwrap_or(true));
                Action::from_typed(&VoiceFocus { enable, call_id: self.leg(focus.leg.as_ref()) })
            }
            _ => self.call_recording(name, options)?,
        }])
    }

    /// A voice for every prompt that follows.
    pub(super) fn voice(&self, options: &LuaValue) -> Result<Voice, Unsayable> {
        read("call.voice", options, &self.schemas.voice, self.list_mark)
    }

    /// The last actions of a waiting method, and what ends it.
    pub(super) fn waiting(&self, kind: StepKind, options: &LuaValue) -> Result<PendingStep, Unsayable> {
        let (schemas, mark) = (self.schemas, self.list_mark);
        match kind {
            StepKind::Ask => self.ask(&read("call:ask", options, &schemas.ask, mark)?),
            StepKind::Menu => self.menu(&read("call:menu", options, &schemas.menu, mark)?),
            StepKind::Record => self.record(&read("call:record", options, &schemas.record, mark)?),
            StepKind::Bridge => self.bridge(&read("call:bridge", options, &schemas.bridge, mark)?),
            StepKind::JoinMeeting => {
                Ok(self.join_meeting(read("call:join_meeting", options, &schemas.join_meeting, mark)?))
            }
            StepKind::Mute => self.mute(read("call:mute", options, &schemas.mute, mark)?),
            StepKind::Bot => Ok(self.bot(&read("call:bot", options, &schemas.bot, mark)?)),
            StepKind::Act => self.act(options),
            StepKind::Wait => self.wait(&read("call:wait", options, &schemas.wait, mark)?),
            StepKind::LegHangup => {
                let options::LegHangup { id, tag } = read("leg:hangup", options, &schemas.leg_hangup, mark)?;
                let pending = PendingStep::new(kind, vec![hang_up(Some(id), None)]);
                Ok(PendingStep { waits: Waits { leg: Some(tag), ..Waits::default() }, ..pending })
            }
            StepKind::Hangup => {
                let options::Hangup { code } = read("call:hangup", options, &schemas.hangup, mark)?;
                Ok(PendingStep::new(kind, self.hang_up_all(code.as_ref())))
            }
            _ => Ok(PendingStep::new(kind, Vec::new())),
        }
    }

    /// Any actions, as their builders made them.
    fn act(&self, actions: &LuaValue) -> Result<PendingStep, Unsayable> {
        let refuse = |text: String| Err(Unsayable::Refused(format!("call:act: {text}")));
        let mut built = Vec::new();
        for item in actions.as_table().into_iter().flat_map(Table::sequence_values::<LuaValue>) {
            let item = item?;
            match item.as_table().map(|table| given_action(table, self.marks)) {
                Some(Some(action)) => built.push(action?.0),
                _ => {
                    let came = describe(&item);
                    return refuse(format!(
                        "argument {} is {came}; wanted actions, such as action.speak {{ … }}",
                        built.len() + 1
                    ));
                }
            }
        }
        let Some((last, before)) = built.split_last() else {
            return refuse("no action is given; wanted at least one, such as action.speak { … }".to_owned());
        };
        if let Some(early) = before.iter().find(|action| REPORTING.contains(&action.action_type.as_str())) {
            let (early, last) = (&early.action_type, &last.action_type);
            return refuse(format!(
                "{early} sends an event of its own, and stands before {last}; it must be the last: call call:act once more for the rest"
            ));
        }
        Ok(PendingStep::new(StepKind::Act, built))
    }

    /// The end of every leg that is up, the first one last.
    pub(super) fn hang_up_all(&self, code: Option<&TextOrNumber>) -> Vec<Action> {
        let first = self.first_leg();
        let others = other_legs(self.event).filter_map(Participant::id).map(str::to_owned);
        others.map(Some).chain([first]).map(|id| hang_up(id, code)).collect()
    }

    fn first_leg(&self) -> Option<String> {
        self.event.first_leg().and_then(Participant::id).map(str::to_owned)
    }

    fn leg(&self, leg: Option<&String>) -> Option<String> {
        leg.cloned().or_else(|| self.first_leg())
    }
}

pub(super) fn hang_up(call_id: Option<String>, code: Option<&TextOrNumber>) -> Action {
    Action::from_typed(&Hangup { call_id, participant_tag: None, sip_response_code: code.cloned() })
}

/// Where each of these actions was built: all at the same place.
pub(super) fn at(actions: Vec<Action>, place: Option<&Place>) -> Vec<PlacedAction> {
    actions.into_iter().map(|action| PlacedAction { action, place: place.cloned() }).collect()
}

fn millis(seconds: f64) -> u64 {
    u64::try_from(Duration::from_secs_f64(seconds).as_millis()).unwrap_or(u64::MAX)
}

/// Within what a parameter of the service takes.
fn small_millis(seconds: f64) -> u32 {
    u32::try_from(millis(seconds)).unwrap_or(u32::MAX)
}
