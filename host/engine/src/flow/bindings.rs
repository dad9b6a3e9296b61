//! The Rust functions behind the prelude's flows: each answers with a value, or with a message for the author.

use std::rc::Rc;

use mlua::{Lua, LuaString, Result, Table, Value as LuaValue};

use super::build::Site;
use super::digest::digest;
use super::options::Shapes;
use super::recorded::Recorded;
use super::step_kind::StepKind;
use super::to_lua::results;
use super::{Flow, Replayed, headers_of};
use crate::bindings::{Current, Facts, called_at};
use crate::convert::{Unsayable, from_lua, object_to_lua, to_lua};
use crate::limits::Limits;
use crate::sandbox::unmetered;

/// The functions behind the prelude's flows.
pub(crate) fn fill(lua: &Lua, host: &Table, list_mark: &Table, current: &Rc<Current>, limits: Limits) -> Result<()> {
    let shapes = Rc::new(super::shapes());
    let (begun, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set("flow_begin", lua.create_function(move |_, flow: Table| Ok(begin(&begun, flow)))?)?;

    let replayed = Rc::clone(current);
    host.raw_set(
        "flow_replay",
        lua.create_function(move |lua, (kind, options): (LuaString, LuaValue)| {
            let mut facts = replayed.facts.borrow_mut();
            let (Some(flow), Some(kind)) = (facts.flow.as_mut(), StepKind::from_name(&kind.as_bytes())) else {
                return Err(mlua::Error::runtime("no flow is at hand"));
            };
            Ok(match flow.replay(kind, &options) {
                Replayed::Entry(recorded, has_more) => {
                    let (value, error) = results(lua, &mark, &recorded)?;
                    (if has_more { "more" } else { "last" }, value, error)
                }
                Replayed::Pending => ("pending", LuaValue::Nil, LuaValue::Nil),
                Replayed::Mismatch => ("mismatch", LuaValue::Nil, LuaValue::Nil),
            })
        })?,
    )?;

    let (queued, mark, known) = (Rc::clone(current), list_mark.clone(), Rc::clone(&shapes));
    host.raw_set(
        "flow_queue",
        lua.create_function(
            move |lua, (name, options, file, line): (String, LuaValue, Option<LuaString>, Option<i64>)| {
                let place = called_at(file, line);
                unmetered(lua, || {
                    with(&queued, (&known, &mark), |flow, site| flow.queue(site, &name, &options, place.clone()))
                })
            },
        )?,
    )?;

    let (voiced, mark, known) = (Rc::clone(current), list_mark.clone(), Rc::clone(&shapes));
    host.raw_set(
        "flow_voice",
        lua.create_function(move |_, options: LuaValue| {
            with(&voiced, (&known, &mark), |flow, site| {
                flow.voice = site.voice(&options)?;
                Ok(())
            })
        })?,
    )?;

    let (waited, mark, known) = (Rc::clone(current), list_mark.clone(), shapes);
    host.raw_set(
        "flow_wait",
        lua.create_function(
            move |lua, (kind, options, file, line): (LuaString, LuaValue, Option<LuaString>, Option<i64>)| {
                let place = called_at(file, line);
                let kind = StepKind::from_name(&kind.as_bytes());
                let kind = kind.ok_or_else(|| mlua::Error::runtime("no such step"))?;
                unmetered(lua, || {
                    with(&waited, (&known, &mark), |flow, site| flow.wait(site, kind, &options, place.clone()))
                })
            },
        )?,
    )?;

    let asked = Rc::clone(current);
    host.raw_set(
        "flow_request",
        lua.create_function(move |_, (requests, file, line): (LuaValue, Option<LuaString>, Option<i64>)| {
            if let Some(flow) = asked.facts.borrow_mut().flow.as_mut() {
                flow.request = Some((digest(StepKind::Request, &requests), called_at(file, line)));
            }
            Ok(())
        })?,
    )?;

    let (recorded, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "flow_record",
        lua.create_function(
            move |lua, (name, is_done, value, file, line): (
                LuaValue,
                bool,
                LuaValue,
                Option<LuaString>,
                Option<i64>,
            )| {
                let mut facts = recorded.facts.borrow_mut();
                let now = facts.now_seconds;
                let Some(flow) = facts.flow.as_mut() else { return Err(mlua::Error::runtime("no flow is at hand")) };
                let result = if is_done {
                    match from_lua(&value, &mark, "call:step: what it returned") {
                        Ok(value) => Recorded::Value(value),
                        Err(Unsayable::Refused(message)) => return Ok((false, LuaValue::Nil, Some(message))),
                        Err(Unsayable::Lua(error)) => return Err(error),
                    }
                } else {
                    Recorded::Raised(value.to_string().unwrap_or_else(|_| "an error".to_owned()))
                };
                let step = (StepKind::Step, digest(StepKind::Step, &name), called_at(file, line));
                if let Err(error) = flow.record((step.0, step.1, step.2.as_ref()), now, &result, limits) {
                    flow.failure = Some(error);
                    return Ok((false, LuaValue::Nil, None));
                }
                let value = match &result {
                    Recorded::Value(value) => to_lua(lua, &mark, value)?,
                    _ => LuaValue::Nil,
                };
                Ok((true, value, None))
            },
        )?,
    )?;

    let drawn = Rc::clone(current);
    host.raw_set(
        "flow_random",
        lua.create_function(move |_, ()| Ok(drawn.facts.borrow_mut().flow.as_mut().map_or(0.5, |flow| flow.random())))?,
    )?;

    let (view, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "flow_headers",
        lua.create_function(move |lua, any_case: Table| {
            let facts = view.facts.borrow();
            match facts.flow.as_ref().map(|flow| headers_of(&flow.journal)) {
                Some(Ok(headers)) => {
                    let table = object_to_lua(lua, &mark, &headers)?;
                    table.set_metatable(Some(any_case))?;
                    table.set_readonly(true);
                    Ok((Some(table), None))
                }
                Some(Err(Unsayable::Refused(message))) => Ok((None, Some(message))),
                Some(Err(Unsayable::Lua(error))) => Err(error),
                None => Ok((None, None)),
            }
        })?,
    )
}

/// Begins a flow: whether it is a replay, and whether entries are to be replayed; or what is wrong with its journal.
fn begin(current: &Current, table: Table) -> (bool, bool, Option<&'static str>) {
    let mut facts = current.facts.borrow_mut();
    let Facts { event, given, now_seconds, .. } = &*facts;
    let Some(event) = event.clone() else { return (false, false, Some("no event is at hand")) };
    let Some(flow) = Flow::begin(table, &event, *now_seconds, given.journal.as_deref()) else {
        return (false, false, Some("the journal of this call cannot be read"));
    };
    let (is_replay, has_entries) = (!flow.has_met, flow.waits_left > 0);
    facts.flow = Some(Box::new(flow));
    (is_replay, has_entries, None)
}

/// Does something with the flow at hand; what the author did wrong, if anything.
fn with(
    current: &Current,
    (shapes, list_mark): (&Shapes, &Table),
    work: impl FnOnce(&mut Flow, &Site<'_>) -> std::result::Result<(), Unsayable>,
) -> Result<Option<String>> {
    let mut facts = current.facts.borrow_mut();
    let Facts { event, given, flow, .. } = &mut *facts;
    let (Some(flow), Some(event)) = (flow.as_mut(), event.as_ref()) else {
        return Err(mlua::Error::runtime("no flow is at hand"));
    };
    let voice = flow.voice.clone();
    // As the flow knows it: an event that comes later must not change what a step is.
    let is_bridged = !flow.legs.is_empty();
    let site = Site { shapes, list_mark, buckets: &given.buckets, voice: &voice, event, is_bridged };
    match work(flow, &site) {
        Ok(()) => Ok(None),
        Err(Unsayable::Refused(message)) => Ok(Some(message)),
        Err(Unsayable::Lua(error)) => Err(error),
    }
}
