//! `call:become`: the flow that takes a call over.

use mlua::{Table, Value as LuaValue};
use moonring_flow::limits::VALUE;
use moonring_flow::{Handover, Journal, MeetingRef, Place, SavedJournal, StepResult};
use moonring_wire::Event;
use serde_json::Value;

use super::Flow;
use crate::convert::{Unsayable, describe, from_lua, text_of};

/// What `become` is given.
pub(super) struct BecomeOptions<'a> {
    pub(super) script: &'a LuaValue,
    pub(super) state: &'a LuaValue,
    /// The meeting that the call is in.
    pub(super) meeting: Option<MeetingRef>,
    /// Whether the call is being recorded.
    pub(super) is_recorded: bool,
    /// Where it was called.
    pub(super) place: Option<Place>,
}

impl Flow {
    /// Has the flow go on as another, once it yields.
    pub(super) fn becomes(
        &mut self,
        options: BecomeOptions<'_>,
        secrets: &[String],
        mark: &Table,
    ) -> Result<(), Unsayable> {
        let BecomeOptions { script, state, meeting, is_recorded, place } = options;
        let refuse = |text: String| Err(Unsayable::Refused(format!("call:become: {text}")));
        let Some(script) = text_of(script).filter(|_| script.is_string()) else {
            return refuse(format!(
                "the script is {}; wanted its name, such as \"support\"",
                describe(script)
            ));
        };
        let state = from_lua(state, mark, "call:become: the state")?;
        let text = state.to_string();
        if secrets.iter().any(|secret| secret.len() > 2 && text.contains(secret.as_str())) {
            return refuse(
                "the state contains digits from an ask with secret = true, and would be saved in the clear; ask for them again there"
                    .to_owned(),
            );
        }
        match text.chars().count() {
            chars if chars > VALUE => {
                refuse(format!("the state has {chars} characters as JSON; the limit is {VALUE}"))
            }
            _ => {
                self.becoming = Some(Becoming { script, state, meeting, is_recorded, place });
                Ok(())
            }
        }
    }

    /// The journal of the flow that this one becomes.
    pub(crate) fn successor(&self, event: &Event, now_seconds: i64) -> Option<Successor> {
        let Becoming { script, state, meeting, is_recorded, place } = self.becoming.as_ref()?;
        let (script, state, meeting) = (script.clone(), state.clone(), meeting.clone());
        let legs = self.legs.connected().to_vec();
        let (epoch, former, has_secret) =
            (self.journal.epoch() + 1, self.legs.former().to_vec(), self.has_secret());
        let (script_name, is_recorded) = (script.clone(), *is_recorded);
        let handover = Handover {
            epoch,
            script: script_name,
            state,
            legs,
            former,
            has_secret,
            is_recorded,
            meeting,
        };
        let now = now_seconds.max(self.now_seconds);
        let headers = self.journal.headers.clone();
        let rule = event.rule_id().unwrap_or(&self.journal.rule);
        let mut journal = Journal::begin(now, rule, headers, Some(handover));
        journal.notes.is_answered = self.journal.notes.is_answered;
        // Legs that have left are none of the next flow's.
        let updates =
            self.journal.notes.kept.iter().filter(|kept| matches!(kept, StepResult::Updated(_)));
        journal.notes.kept = updates.cloned().collect();
        Some(Successor {
            script,
            place: place.clone(),
            journal: SavedJournal::from_journal(journal),
        })
    }
}

/// A flow that is about to go on as another.
#[derive(Debug)]
pub(crate) struct Becoming {
    script: String,
    state: Value,
    meeting: Option<MeetingRef>,
    is_recorded: bool,
    place: Option<Place>,
}

/// The flow that takes the call over, and the journal that it begins with.
#[derive(Debug)]
pub(crate) struct Successor {
    pub(crate) script: String,
    /// Where `call:become` was called.
    pub(crate) place: Option<Place>,
    pub(crate) journal: SavedJournal,
}
