//! The beginning of a flow: what its journal says is handed to the Lua half.

use mlua::{Either, Lua, Result, Table, Value as LuaValue};
use moonring_flow::{
    Handover, Journal, Legs, Seal, Secrets, StepKind, StepResult, is_first_leg_gone,
};
use serde_json::{Map, Value};

use super::Flow;
use super::to_lua::results;
use crate::convert::{object_to_lua, to_lua};
use crate::error::Error;
use crate::sandbox::unmetered;
use crate::vm::bindings::{CurrentEvent, EventContext};

/// So many steps of a replay are noted for the caller's way: more than are ever told.
const TOLD: usize = 16;

/// Begins a flow. Where there is a journal, `table` gets it as lists: `digests`, `values`, `errors`
/// and `times`, one item a step, `refusals`, the digests of queued methods that were refused, and
/// `sent`, the number of the last step that sent something. Gives back what is wrong with the
/// journal, if anything.
pub(super) fn begin(
    lua: &Lua,
    list_mark: &Table,
    current: &CurrentEvent,
    table: &Table,
) -> Result<Option<&'static str>> {
    let mut facts = current.facts.borrow_mut();
    let EventContext { event, given, now_seconds, .. } = &*facts;
    let Some(event) = event.clone() else { return Ok(Some("there is no current event")) };
    if given.journal.is_none() && is_first_leg_gone(&event) {
        // Its earlier events have come to nothing; now there is nobody to begin with.
        return Ok(Some("over"));
    }
    let Some(mut flow) = Flow::begin(table.clone(), &event, *now_seconds, given) else {
        return Ok(Some("the journal of this call cannot be read"));
    };
    if let Some(handover) = &flow.journal.handover {
        unmetered(lua, || carry(lua, list_mark, handover, table))?;
    }
    if !flow.has_met {
        let secrets = (&given.secrets, event.call_id().unwrap_or_default());
        if !unmetered(lua, || hand_over(lua, list_mark, (&flow, secrets), table))? {
            let message = "a secret of this call was encrypted with a key that this host does not have; a replaced key must stay \
                           after the new one in MOONRING_SECRET_KEY until calls that began with it have ended";
            flow.failure = Some(Error::Mismatch { message: message.to_owned() });
        }
    }
    facts.flow = Some(Box::new(flow));
    Ok(None)
}

/// What the flow before this one left: `state`, `carried`, the legs, and `meeting`.
pub(super) fn carry(
    lua: &Lua,
    list_mark: &Table,
    handover: &Handover,
    table: &Table,
) -> Result<()> {
    table.raw_set("state", to_lua(lua, list_mark, &handover.state)?)?;
    table.raw_set("has_secret", handover.has_secret)?;
    if handover.is_recorded {
        table.raw_set("recording", "on")?;
    }
    let legs = lua.create_table()?;
    for leg in &handover.legs {
        legs.raw_push(results(lua, list_mark, &StepResult::Leg(leg.clone()))?.0)?;
    }
    table.raw_set("carried", legs)?;
    if let (Some(meeting), Some(leg)) = (&handover.meeting, handover.legs.first()) {
        let known = lua.create_table()?;
        for (name, text) in [
            ("meeting_id", &meeting.meeting_id),
            ("attendee_id", &meeting.attendee_id),
            ("tag", &leg.tag),
        ] {
            if !text.is_empty() {
                known.raw_set(name, text.as_str())?;
            }
        }
        table.raw_set("meeting", known)?;
    }
    Ok(())
}

/// Gives the prelude the result of each step. Whether every secret could be opened.
pub(super) fn hand_over(
    lua: &Lua,
    list_mark: &Table,
    (flow, (secrets, call)): (&Flow, (&Secrets, &str)),
    table: &Table,
) -> Result<bool> {
    let mut is_open = true;
    let entries = flow.journal.entries();
    let (mut values, errors) = (Vec::with_capacity(entries.len()), lua.create_table()?);
    let mut times = Vec::with_capacity(entries.len());
    let (mut seconds, mut sent) = (flow.journal.started, 0);
    let mut refusals = None;
    for (entry, number) in entries.iter().zip(1..) {
        seconds += entry.later;
        if entry.kind.is_sent() && entry.is_sent {
            sent = number;
        }
        let opened = match &entry.result {
            StepResult::Sealed(sealed) => {
                let at = Seal { call, epoch: flow.journal.epoch(), step: number - 1 };
                let digits = secrets.open(at, sealed);
                is_open &= digits.is_some();
                Some(StepResult::Digits(digits.unwrap_or_default()))
            }
            _ => None,
        };
        times.push(seconds);
        // Most results are a few digits, which go into the list without a handle of their own.
        if let (StepResult::Digits(digits), None) = (&entry.result, &opened) {
            values.push(Either::Left(digits.as_str()));
            continue;
        }
        let (value, error) = results(lua, list_mark, opened.as_ref().unwrap_or(&entry.result))?;
        // A list has no holes: the flow itself, which is nobody's value, stands for nothing.
        let value = if value.is_nil() { LuaValue::Table(table.clone()) } else { value };
        values.push(Either::Right(value));
        if !error.is_nil() {
            errors.raw_set(number, error)?;
        }
        if entry.kind == StepKind::QUEUED {
            let refusals = match &mut refusals {
                Some(known) => known,
                none => none.insert(lua.create_table()?),
            };
            refusals.raw_set(number, entry.digest)?;
        }
    }
    table.raw_set("refusals", refusals)?;
    table.raw_set("untold", entries.len().saturating_sub(TOLD))?;
    table.raw_set("replays", true)?;
    table
        .raw_set("digests", lua.create_sequence_from(entries.iter().map(|entry| entry.digest))?)?;
    table.raw_set("values", lua.create_sequence_from(values)?)?;
    table.raw_set("errors", errors)?;
    let times = lua.create_sequence_from(times)?;
    times.raw_set(0, flow.journal.started)?;
    table.raw_set("times", times)?;
    table.raw_set("sent", sent)?;
    Ok(is_open)
}

/// A read-only map.
pub(super) fn frozen(
    lua: &Lua,
    list_mark: &Table,
    map: &Map<String, Value>,
    meta: Option<Table>,
) -> Result<Table> {
    let table = object_to_lua(lua, list_mark, map)?;
    table.set_metatable(meta)?;
    table.set_readonly(true);
    Ok(table)
}

/// The legs that a flow has and had, as its journal says.
pub(super) fn legs_of(journal: &Journal) -> Legs {
    let none = Handover::default();
    let Handover { legs, former, .. } = journal.handover.as_ref().unwrap_or(&none);
    let mut legs = Legs::handed_over(legs, former);
    journal.entries().iter().for_each(|entry| legs.take_in(&entry.result));
    // Legs whose leaving nobody has been told yet are gone all the same.
    journal.notes.kept.iter().for_each(|kept| legs.take_in(kept));
    legs
}
