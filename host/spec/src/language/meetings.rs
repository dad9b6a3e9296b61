//! Meetings: who joins them, and who may be heard there.

use mlua::Value as LuaValue;
use moonring_engine::snake_case;
use moonring_exchange::Happened;
use serde_json::{Map, Value};

use super::bindings::{Bindings, PartyOf, object, stuck};
use super::facts::{fits, given};
use crate::stage::{Stage, State, Stuck};

const JOINS: &str = "JoinChimeMeeting";
const MUTES: &str = "ModifyChimeMeetingAttendees";

pub(super) fn fill(bindings: &mut Bindings<'_>) -> mlua::Result<()> {
    bindings.add_party("joins", |lua, stage, party, wanted: LuaValue| {
        let wanted = object(lua, "joins", wanted)?;
        let joined = stage.wait(party.call, |call| {
            let found = call.find(call.seen.joins, |happened| match happened {
                Happened::Joins { meeting, .. } => Some(meeting.clone()),
                _ => None,
            });
            let (meeting, behind) = found?;
            call.seen.joins = behind;
            let parameters = call.last_action(JOINS).and_then(|action| action.get("Parameters"));
            let mut fields = snake(parameters);
            if let Some(meeting) = meeting {
                fields.insert("meeting_id".to_owned(), Value::String(meeting));
            }
            Some(fields)
        });
        let joined = joined.map_err(|why| stuck("wanted to join a meeting", why))?;
        fits("joins", &wanted, &joined)?;
        given(lua, Value::Object(joined))
    })?;
    bindings.add_party("is_muted", |_, stage, party, (): ()| muted(stage, party, true))?;
    bindings.add_party("is_unmuted", |_, stage, party, (): ()| muted(stage, party, false))
}

/// Waits until the caller is muted in the meeting, or not any more.
fn muted(stage: &Stage, party: PartyOf, wanted: bool) -> Result<(), String> {
    let what = if wanted { "muted" } else { "unmuted" };
    let attendee = attendee(&stage.state.borrow(), party.call);
    let Some(attendee) = attendee else {
        return Err(format!(
            "wanted the caller to be {what}, and it is not known who they are in the meeting: they have not joined it with an attendee of chime.create_attendee"
        ));
    };
    loop {
        if is_muted(&stage.state.borrow(), &attendee) == Some(wanted) {
            return Ok(());
        }
        // Any call may do it.
        let mut seen = 0;
        let happened = stage.wait(party.call, |_| {
            seen += 1;
            (seen > 1).then_some(())
        });
        match happened {
            Ok(()) => {}
            Err(Stuck::Idle | Stuck::Over)
                if is_muted(&stage.state.borrow(), &attendee) == Some(wanted) =>
            {
                return Ok(());
            }
            Err(why) => return Err(stuck(&format!("wanted the caller to be {what}"), why)),
        }
    }
}

/// Who a caller is in the meeting: the attendee whose token they have joined with.
fn attendee(state: &State, call: usize) -> Option<String> {
    let joined = state.calls.get(call)?.last_action(JOINS)?;
    let token = joined.pointer("/Parameters/JoinToken")?.as_str()?;
    let asked = state.outside.asked.borrow();
    let attendees = asked.iter().flat_map(|made| {
        let one = made.pointer("/output/Attendee");
        let many = made.pointer("/output/Attendees").and_then(Value::as_array);
        one.into_iter().chain(many.into_iter().flatten())
    });
    let mut own = attendees.filter(|attendee| attendee["JoinToken"] == token);
    own.next()?["AttendeeId"].as_str().map(str::to_owned)
}

/// Whether an attendee was muted or unmuted last, by any call.
fn is_muted(state: &State, attendee: &str) -> Option<bool> {
    let done = state.calls.iter().flat_map(|call| {
        let entries = call.call.trace().entries.iter().enumerate();
        entries.filter_map(move |(number, entry)| {
            let Happened::Does { action, .. } = &entry.happened else { return None };
            if action != MUTES {
                return None;
            }
            let parameters = call.action_before(number, MUTES)?.get("Parameters")?;
            let is_meant = parameters["AttendeeList"].as_array()?.iter().any(|id| id == attendee);
            is_meant.then(|| (call.began + entry.at, parameters["Operation"] == "Mute"))
        })
    });
    done.max_by_key(|(at, _)| *at).map(|(_, is_muted)| is_muted)
}

/// The parameters of an action with names as builders have them.
fn snake(parameters: Option<&Value>) -> Map<String, Value> {
    let fields = parameters.and_then(Value::as_object).cloned().unwrap_or_default();
    fields.into_iter().map(|(name, value)| (snake_case(&name), value)).collect()
}
