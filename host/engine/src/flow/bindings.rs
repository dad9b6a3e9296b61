//! The Rust functions behind the prelude's flows: each answers with a value, or with a message for
//! the author.

use std::rc::Rc;

use mlua::{Lua, LuaString, Result, Table, Value as LuaValue};
use moonring_flow::{
    MESSAGE_BYTES, MeetingRef, StepFailure, StepKind, StepResult, TypedDigits, hash_string,
    step_digest, truncate,
};

use super::becoming::BecomeOptions;
use super::begin::begin;
use super::call_view;
use super::method::{BuildContext, METHODS, MethodSchemas, Sends, step_kinds};
use super::to_lua::results;
use super::{EndedStep, Flow};
use crate::answer::Marks;
use crate::convert::{Unsayable, from_lua, to_lua};
use crate::error::Error;
use crate::limits::Limits;
use crate::sandbox::unmetered;
use crate::unusable::GIVES_NIL;
use crate::vm::bindings::{CurrentEvent, EventContext, called_at};

/// What `become` is given: the script, what it is told, what is known of the meeting, whether the
/// call is being recorded, and where.
type Become = (LuaValue, LuaValue, Option<[String; 2]>, bool, Option<LuaString>, Option<i64>);

/// The functions behind the prelude's flows.
pub(crate) fn fill(
    lua: &Lua,
    host: &Table,
    marks: &Marks,
    current: &Rc<CurrentEvent>,
    limits: Limits,
) -> Result<()> {
    let (schemas, list_mark) = (Rc::new(MethodSchemas::new()), &marks.list);
    let (begun, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "flow_begin",
        lua.create_function(move |lua, flow: Table| begin(lua, &mark, &begun, &flow))?,
    )?;

    let kinds = lua.create_table()?;
    for row in step_kinds() {
        kinds.raw_set(row.name, row.kind.letter() as u32)?;
    }
    host.raw_set("flow_kinds", kinds)?;

    host.raw_set("flow_methods", method_list(lua)?)?;

    let other = Rc::clone(current);
    host.raw_set(
        "flow_differs",
        lua.create_function(move |_, (number, letter): (usize, u8)| {
            let mut facts = other.facts.borrow_mut();
            if let (Some(flow), Some(kind)) =
                (facts.flow.as_mut(), StepKind::from_letter(char::from(letter)))
            {
                flow.differs(number, kind);
            }
            Ok(())
        })?,
    )?;

    let (queued, mark, known) = (Rc::clone(current), marks.clone(), Rc::clone(&schemas));
    host.raw_set(
        "flow_queue",
        lua.create_function(
            move |lua,
                  (name, options, file, line): (
                String,
                LuaValue,
                Option<LuaString>,
                Option<i64>,
            )| {
                let place = called_at(file, line);
                let given = unmetered(lua, || {
                    with(&queued, &known, &mark, |flow, site| {
                        flow.queue(site, &name, &options, place.clone())
                    })
                })?;
                Ok(match given {
                    Given::Taken => None,
                    Given::Refused(message) => Some(message),
                    Given::Unusable(message) => {
                        let mut facts = queued.facts.borrow_mut();
                        facts.warn_of_data(place.as_ref(), &message, "it is skipped");
                        None
                    }
                })
            },
        )?,
    )?;

    let (voiced, mark, known) = (Rc::clone(current), marks.clone(), Rc::clone(&schemas));
    host.raw_set(
        "flow_voice",
        lua.create_function(move |_, options: LuaValue| {
            let given = with(&voiced, &known, &mark, |flow, site| {
                flow.voice = site.voice(&options)?;
                Ok(())
            })?;
            Ok(match given {
                Given::Taken => None,
                Given::Refused(message) | Given::Unusable(message) => Some(message),
            })
        })?,
    )?;

    let (waited, mark, known) = (Rc::clone(current), marks.clone(), schemas);
    host.raw_set(
        "flow_wait",
        lua.create_function(
            move |lua,
                  (letter, number, options, file, line): (
                u8,
                u32,
                LuaValue,
                Option<LuaString>,
                Option<i64>,
            )| {
                let place = called_at(file, line);
                let kind = StepKind::from_letter(char::from(letter));
                let kind = kind.ok_or_else(|| mlua::Error::runtime("no such step"))?;
                let digest = step_digest(kind, number);
                let given = unmetered(lua, || {
                    with(&waited, &known, &mark, |flow, site| {
                        flow.wait(site, kind, digest, &options, place.clone())
                    })
                })?;
                let message = match given {
                    Given::Taken => return Ok((None, LuaValue::Nil)),
                    Given::Refused(message) => return Ok((Some(message), LuaValue::Nil)),
                    Given::Unusable(message) => message,
                };
                let mut facts = waited.facts.borrow_mut();
                facts.warn_of_data(place.as_ref(), &message, GIVES_NIL);
                let now = facts.now_seconds;
                let Some(flow) = facts.flow.as_mut() else { return Ok((None, LuaValue::Nil)) };
                // Nothing was sent; a replay has to come to the same point.
                let failure = StepFailure::new("invalid", truncate(&message, MESSAGE_BYTES));
                let failed = StepResult::Failed(failure);
                let step = EndedStep { kind, digest, place: place.as_ref(), is_sent: false };
                if let Err(error) = flow.record(step, now, &failed, limits) {
                    flow.failure = Some(error);
                }
                Ok((None, results(lua, &mark.list, &failed)?.1))
            },
        )?,
    )?;

    let refused = Rc::clone(current);
    host.raw_set(
        "flow_refused",
        lua.create_function(move |_, (letter, number, message): (u8, u32, String)| {
            let mut facts = refused.facts.borrow_mut();
            let now = facts.now_seconds;
            // A flow that cannot go on keeps no account of what it does until it is stopped.
            let flow = facts.flow.as_mut().filter(|flow| flow.failure.is_none());
            if let (Some(flow), Some(kind)) = (flow, StepKind::from_letter(char::from(letter))) {
                // Who catches the error goes on; a replay has to come to the same point.
                let digest = step_digest(kind, number);
                let step = EndedStep { kind, digest, place: None, is_sent: false };
                if let Err(error) = flow.record(step, now, &StepResult::Raised(message), limits) {
                    flow.failure = Some(error);
                }
            }
            Ok(())
        })?,
    )?;

    let asked = Rc::clone(current);
    host.raw_set(
        "flow_request",
        lua.create_function(
            move |_, (requests, file, line): (Option<u32>, Option<LuaString>, Option<i64>)| {
                if let Some(flow) = asked.facts.borrow_mut().flow.as_mut() {
                    // Without a digest: the reply is not recorded.
                    flow.request = requests.map(|number| {
                        (step_digest(StepKind::REQUEST, number), called_at(file, line))
                    });
                }
                Ok(())
            },
        )?,
    )?;

    let (recorded, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "flow_record",
        lua.create_function(
            move |lua,
                  (name, is_done, value, file, line): (
                u32,
                bool,
                LuaValue,
                Option<LuaString>,
                Option<i64>,
            )| {
                let mut facts = recorded.facts.borrow_mut();
                let now = facts.now_seconds;
                let Some(flow) = facts.flow.as_mut() else {
                    return Err(mlua::Error::runtime("there is no current flow"));
                };
                let result = if is_done {
                    match from_lua(&value, &mark, "call:step: its return value") {
                        Ok(value) => StepResult::Value(value),
                        Err(Unsayable::Refused(message) | Unsayable::Unusable(message)) => {
                            StepResult::Raised(match called_at(file.clone(), line) {
                                Some(place) => format!("{place}: {message}"),
                                None => message,
                            })
                        }
                        Err(Unsayable::Lua(error)) => return Err(error),
                    }
                } else {
                    StepResult::Raised(value.to_string().unwrap_or_else(|_| "an error".to_owned()))
                };
                let (kind, place) = (StepKind::STEP, called_at(file, line));
                let digest = step_digest(kind, name);
                let step = EndedStep { kind, digest, place: place.as_ref(), is_sent: true };
                if let Err(error) = flow.record(step, now, &result, limits) {
                    flow.failure = Some(error);
                    return Ok((false, LuaValue::Nil, None));
                }
                match &result {
                    StepResult::Value(value) => Ok((true, to_lua(lua, &mark, value)?, None)),
                    StepResult::Raised(message) => Ok((true, LuaValue::Nil, Some(message.clone()))),
                    _ => Ok((true, LuaValue::Nil, None)),
                }
            },
        )?,
    )?;

    host.raw_set(
        "flow_number",
        lua.create_function(|_, text: LuaString| Ok(hash_string(&text.as_bytes())))?,
    )?;

    let drawn = Rc::clone(current);
    host.raw_set(
        "flow_random",
        lua.create_function(move |_, is_in_step: bool| {
            Ok(drawn.facts.borrow_mut().flow.as_mut().map_or(0.5, |flow| flow.random(is_in_step)))
        })?,
    )?;

    let (queue, became) = (Rc::clone(current), Rc::clone(current));
    host.raw_set(
        "flow_has_queue",
        lua.create_function(move |_, ()| {
            Ok(queue.facts.borrow().flow.as_ref().is_some_and(|flow| flow.has_queue()))
        })?,
    )?;
    host.raw_set(
        "flow_became",
        lua.create_function(move |_, ()| {
            Ok(became
                .facts
                .borrow()
                .given
                .journal
                .as_ref()
                .is_some_and(|journal| journal.script().is_some()))
        })?,
    )?;

    let (becomes, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "flow_become",
        lua.create_function(
            move |_, (script, state, meeting, is_recorded, file, line): Become| {
                let place = called_at(file, line);
                let mut facts = becomes.facts.borrow_mut();
                let EventContext { flow, given, event, .. } = &mut *facts;
                let Some(flow) = flow.as_mut() else {
                    return Err(mlua::Error::runtime("there is no current flow"));
                };
                let call = event.as_ref().and_then(|event| event.call_id()).unwrap_or_default();
                let typed = TypedDigits::of(Some(&flow.journal), call, &given.secrets);
                match flow.becomes(
                    BecomeOptions {
                        script: &script,
                        state: &state,
                        meeting: meeting.map(MeetingRef::from),
                        is_recorded,
                        place: place.clone(),
                    },
                    &typed.secrets,
                    &mark,
                ) {
                    Ok(()) => Ok(()),
                    Err(Unsayable::Refused(message) | Unsayable::Unusable(message)) => {
                        // It does not return, whatever it is: nobody goes on behind it.
                        flow.failure = Some(Error::Raised { place, message, trace: Vec::new() });
                        Ok(())
                    }
                    Err(Unsayable::Lua(error)) => Err(error),
                }
            },
        )?,
    )?;

    call_view::fill(lua, host, list_mark, current)
}

/// What the Lua half makes methods from: name, label and kind of each.
fn method_list(lua: &Lua) -> Result<Table> {
    let list = lua.create_table()?;
    for method in METHODS {
        let (kind, recording) = match method.sends {
            Sends::Queued(_) => ("queued", None),
            Sends::QueuedRecording { becomes, .. } => ("queued", Some(becomes)),
            Sends::Waiting { .. } => ("waiting", None),
            Sends::Nothing => continue,
        };
        let row = lua.create_table()?;
        row.raw_set("name", method.name)?;
        row.raw_set("label", method.label)?;
        row.raw_set("kind", kind)?;
        row.raw_set("recording", recording)?;
        list.raw_push(row)?;
    }
    Ok(list)
}

/// What became of what an author gave to a method.
enum Given {
    Taken,
    /// A misuse: it is raised at the author's line.
    Refused(String),
    /// Data that cannot be used: the call goes on.
    Unusable(String),
}

/// Does something with the flow at hand.
fn with(
    current: &CurrentEvent,
    schemas: &MethodSchemas,
    marks: &Marks,
    work: impl FnOnce(&mut Flow, &BuildContext<'_>) -> std::result::Result<(), Unsayable>,
) -> Result<Given> {
    let mut facts = current.facts.borrow_mut();
    let EventContext { event, given, flow, .. } = &mut *facts;
    let (Some(flow), Some(event)) = (flow.as_mut(), event.as_ref()) else {
        return Err(mlua::Error::runtime("there is no current flow"));
    };
    let voice = flow.voice.clone();
    // As the flow knows it: an event that comes later must not change what a step is.
    let is_bridged = !flow.legs.is_empty();
    let (has_key, list_mark) = (!given.secrets.is_empty(), &marks.list);
    let site = BuildContext {
        schemas,
        list_mark,
        marks,
        has_key,
        buckets: &given.buckets,
        voice: &voice,
        event,
        is_bridged,
        queued: flow.queue.len(),
    };
    match work(flow, &site) {
        Ok(()) => Ok(Given::Taken),
        Err(Unsayable::Refused(message)) => Ok(Given::Refused(message)),
        Err(Unsayable::Unusable(message)) => Ok(Given::Unusable(message)),
        Err(Unsayable::Lua(error)) => Err(error),
    }
}
