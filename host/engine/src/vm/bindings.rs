//! The Rust functions behind the prelude: each answers with a value, or with nil and a message for
//! the author.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use mlua::{Either, Function, LightUserData, Lua, LuaString, Table, Value as LuaValue};
use moonring_flow::{MOST_REQUESTS, Place};
use moonring_wire::{Action, Event};
use serde_json::{Map, Value};

use crate::action::{Builders, Built, raw};
use crate::answer::Marks;
use crate::convert::{ToLua, Unsayable, from_lua};
use crate::flow::{Flow, Given};
use crate::log::{LogBook, LogLevel};
use crate::lua_error::without_addresses;
use crate::modules::SharedModules;
use crate::sandbox::unmetered;
use crate::vm::ask::{Asked, ask};
use crate::vm::program::Input;
use crate::{call, json};

/// What the prelude yields first when it speaks to the host: a number that no script can make, and
/// that nothing can be written into.
pub(crate) const TOKEN: LuaValue =
    LuaValue::LightUserData(LightUserData(std::ptr::without_provenance_mut(1)));
/// The same for a branch of `parallel` that speaks to it.
const BRANCH_TOKEN: LuaValue =
    LuaValue::LightUserData(LightUserData(std::ptr::without_provenance_mut(2)));

/// What the host's functions need to know of the event at hand.
#[derive(Default)]
pub(crate) struct CurrentEvent {
    /// The event's number; 0 between events.
    number: Cell<u64>,
    pub(crate) facts: RefCell<EventContext>,
}

/// What is known of one event, taken along while its script is suspended.
#[derive(Debug, Default)]
pub(crate) struct EventContext {
    pub(crate) number: u64,
    pub(crate) now_seconds: i64,
    pub(crate) event: Option<Arc<Event>>,
    pub(crate) release: String,
    pub(crate) arguments: Option<Map<String, Value>>,
    pub(crate) kept_arguments: Option<Map<String, Value>>,
    /// What flows need to know.
    pub(crate) given: Given,
    /// The flow, once the script has turned out to be one.
    pub(crate) flow: Option<Box<Flow>>,
    pub(crate) log: LogBook,
    /// The requests that the script is about to wait for.
    pub(crate) asked: Option<Asked>,
}

impl EventContext {
    pub(crate) fn new(input: &Input<'_>) -> Self {
        Self {
            number: input.number,
            now_seconds: input.now_seconds,
            event: Some(Arc::clone(input.event)),
            release: input.release.to_owned(),
            arguments: input.arguments.cloned(),
            kept_arguments: input.kept_arguments.cloned(),
            given: Given {
                buckets: input.buckets.clone(),
                journal: input.journal.cloned(),
                secrets: input.secrets.clone(),
                has_become: false,
            },
            flow: None,
            log: LogBook::default(),
            asked: None,
        }
    }

    /// The time as the script sees it: that of the event, or of the step a flow is at.
    fn script_seconds(&self) -> i64 {
        match (&self.flow, &self.given.journal) {
            (Some(flow), _) => flow.now_seconds,
            // The files of a flow are loaded anew in every process, and must not see a later time.
            (None, Some(journal)) => {
                journal.journal().map_or(self.now_seconds, |journal| journal.started)
            }
            (None, None) => self.now_seconds,
        }
    }

    /// The event at hand.
    fn event(&self) -> mlua::Result<&Event> {
        let none = || mlua::Error::runtime("there is no current event");
        self.event.as_deref().ok_or_else(none)
    }

    /// The id of the leg that is meant where a script names none.
    fn first_leg(&self) -> Option<&str> {
        self.event.as_ref()?.first_leg()?.id()
    }
}

impl CurrentEvent {
    pub(crate) fn number(&self) -> u64 {
        self.number.get()
    }

    /// From now on this event is at hand.
    pub(crate) fn begin(&self, facts: EventContext) {
        self.number.set(facts.number);
        self.facts.replace(facts);
    }

    /// No event is at hand any more.
    pub(crate) fn end(&self) -> EventContext {
        self.number.set(0);
        self.facts.take()
    }
}

/// A value for Lua, or nil and a message.
pub(crate) type OrMessage = (LuaValue, Option<String>, bool);

/// The functions behind the prelude.
pub(crate) fn fill(
    lua: &Lua,
    host: &Table,
    marks: &Marks,
    current: &Rc<CurrentEvent>,
    modules: &SharedModules,
) -> mlua::Result<()> {
    let builders = Rc::new(Builders::new());
    host.raw_set("action_names", lua.create_sequence_from(builders.names())?)?;
    host.raw_set("log_levels", lua.create_sequence_from(LogLevel::ALL.map(|(name, _)| name))?)?;
    host.raw_set("list_mark", &marks.list)?;

    let (build, now, book) = (Rc::clone(current), Rc::clone(current), Rc::clone(current));
    let (built, typed, unknown) = (marks.clone(), Rc::clone(&builders), builders);
    host.raw_set(
        "build_action",
        lua.create_function(
            move |lua,
                  (name, options, file, line): (
                String,
                LuaValue,
                Option<LuaString>,
                Option<i64>,
            )| {
                let place = called_at(file, line);
                let facts = build.facts.borrow();
                or_message(unmetered(lua, || {
                    Ok((|| {
                        let action =
                            typed.build(&name, &options, &built.list, facts.first_leg())?;
                        Ok(action_to_lua(lua, &built, action, place)?)
                    })())
                })?)
            },
        )?,
    )?;
    let built = marks.clone();
    host.raw_set(
        "build_raw_action",
        lua.create_function(
            move |lua, (options, file, line): (LuaValue, Option<LuaString>, Option<i64>)| {
                let place = called_at(file, line);
                or_message(
                    raw(&options, &built.list)
                        .and_then(|action| Ok(action_to_lua(lua, &built, action, place)?)),
                )
            },
        )?,
    )?;
    host.raw_set(
        "unknown_action",
        lua.create_function(
            move |_, name: LuaString| Ok(unknown.unknown(&name.to_string_lossy())),
        )?,
    )?;

    host.raw_set("token", TOKEN)?;
    host.raw_set("branch_token", BRANCH_TOKEN)?;
    host.raw_set("most_requests", MOST_REQUESTS)?;
    let (asked, mark) = (Rc::clone(current), marks.list.clone());
    host.raw_set(
        "ask",
        lua.create_function(
            move |_, (requests, file, line): (Table, Option<LuaString>, Option<i64>)| {
                ask(&asked, &mark, &requests, called_at(file, line))
            },
        )?,
    )?;

    let (view, mark) = (Rc::clone(current), marks.list.clone());
    host.raw_set(
        "call_fields",
        lua.create_function(move |lua, any_case: Table| {
            let facts = view.facts.borrow();
            let (event, arguments) = (facts.event()?, facts.arguments.as_ref());
            unmetered(lua, || call::fields(lua, &mark, &any_case, event, &facts.release, arguments))
        })?,
    )?;
    let (view, mark) = (Rc::clone(current), marks.list.clone());
    host.raw_set(
        "event_document",
        lua.create_function(move |lua, ()| {
            let facts = view.facts.borrow();
            unmetered(lua, || ToLua::read_only(lua, &mark).document(facts.event()?.document()))
        })?,
    )?;
    let (view, mark) = (Rc::clone(current), marks.list.clone());
    host.raw_set(
        "call_attributes",
        lua.create_function(move |lua, ()| {
            let facts = view.facts.borrow();
            unmetered(lua, || call::attributes(lua, &mark, facts.event()?))
        })?,
    )?;
    host.raw_set(
        "now",
        lua.create_function(move |_, ()| Ok(now.facts.borrow().script_seconds()))?,
    )?;
    let mark = marks.list.clone();
    host.raw_set(
        "log",
        lua.create_function(move |_, (level, message, fields): (String, LuaString, LuaValue)| {
            log(&book, &mark, &level, &message.to_string_lossy(), &fields)
        })?,
    )?;

    let book = Rc::clone(current);
    host.raw_set(
        "hook_failed",
        lua.create_function(move |_, message: LuaString| {
            let message = without_addresses(&message.to_string_lossy());
            book.facts.borrow_mut().log.add_hook_failure(&message);
            Ok(())
        })?,
    )?;

    host.raw_set(
        "find",
        lua.create_function(|_, (text, pattern, start): (LuaString, LuaString, f64)| {
            Ok(find(&text.as_bytes(), &pattern.as_bytes(), start).unzip())
        })?,
    )?;
    let mark = marks.list.clone();
    host.raw_set(
        "json_encode",
        lua.create_function(move |lua, value: LuaValue| {
            or_message(
                json::encode(&value, &mark)
                    .and_then(|text| Ok(LuaValue::String(lua.create_string(text)?))),
            )
        })?,
    )?;
    let mark = marks.list.clone();
    host.raw_set(
        "json_decode",
        lua.create_function(move |lua, text: LuaString| {
            json::decode(lua, &text.as_bytes(), &mark)
        })?,
    )?;

    let files = Rc::clone(modules);
    host.raw_set(
        "resolve",
        lua.create_function(move |lua, (from, name): (String, LuaString)| {
            let name = name.to_string_lossy();
            let found = files
                .get()
                .ok_or_else(|| mlua::Error::runtime("no release is loaded"))?
                .0
                .resolve(&from, &name);
            match found {
                Ok(file) => Ok((LuaValue::String(lua.create_string(file)?), None)),
                Err(message) => Ok((LuaValue::Nil, Some(message))),
            }
        })?,
    )?;
    let files = Rc::clone(modules);
    host.raw_set(
        "instantiate",
        lua.create_function(move |lua, (file, require): (String, Function)| {
            let (modules, environment) =
                files.get().ok_or_else(|| mlua::Error::runtime("no release is loaded"))?;
            modules.instantiate(lua, environment, &file, &require)
        })?,
    )
}

/// Where a literal text begins and ends in another, from the byte `start`, both counted from 1.
fn find(text: &[u8], pattern: &[u8], start: f64) -> Option<(usize, usize)> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a start past the end is past the end"
    )]
    let skipped = (start as usize).saturating_sub(1);
    let found = skipped + memchr::memmem::find(text.get(skipped..)?, pattern)?;
    Some((found + 1, found + pattern.len()))
}

pub(crate) fn or_message(result: Result<LuaValue, Unsayable>) -> mlua::Result<OrMessage> {
    match result {
        Ok(value) => Ok((value, None, false)),
        Err(Unsayable::Refused(message)) => Ok((LuaValue::Nil, Some(message), false)),
        Err(Unsayable::Unusable(message)) => Ok((LuaValue::Nil, Some(message), true)),
        Err(Unsayable::Lua(error)) => Err(error),
    }
}

/// Where a builder was called; nowhere, where a pcall or a coroutine called it and no line of a
/// script.
pub(crate) fn called_at(file: Option<LuaString>, line: Option<i64>) -> Option<Place> {
    let line = u32::try_from(line?).ok().filter(|line| *line > 0)?;
    Some(Place { file: file?.to_string_lossy(), line })
}

/// An action as scripts see it: read-only, in wire form, and marked as checked.
fn action_to_lua(
    lua: &Lua,
    marks: &Marks,
    built: Built,
    place: Option<Place>,
) -> mlua::Result<LuaValue> {
    let (action_type, parameters) = built;
    let shown = ToLua::read_only(lua, &marks.list);
    let table = lua.create_table_from([
        ("Type", Either::Left(action_type.as_str())),
        ("Parameters", Either::Right(shown.value(&parameters)?)),
    ])?;
    table.set_metatable(Some(marks.action.clone()))?;
    table.set_readonly(true);
    if let Value::Object(parameters) = parameters {
        marks.remember(&table, Action::new(action_type, parameters), place);
    }
    Ok(LuaValue::Table(table))
}

/// Adds a record; returns what the author did wrong, if anything.
fn log(
    current: &CurrentEvent,
    mark: &Table,
    level: &str,
    message: &str,
    fields: &LuaValue,
) -> mlua::Result<Option<String>> {
    let fields = match from_lua(fields, mark, "log: fields") {
        Ok(fields @ (Value::Null | Value::Object(_))) => fields,
        Ok(_) => {
            return Ok(Some(
                "log: the fields are not a table of named values; write log.info(\"text\", { name = value })"
                    .to_owned(),
            ));
        }
        Err(Unsayable::Refused(message) | Unsayable::Unusable(message)) => {
            return Ok(Some(message));
        }
        Err(Unsayable::Lua(error)) => return Err(error),
    };
    // What a replay does again was logged when it was done.
    if current.facts.borrow().flow.as_ref().is_some_and(|flow| flow.is_silent()) {
        return Ok(None);
    }
    let bytes = if fields.is_null() { 0 } else { fields.to_string().len() };
    let level = LogLevel::from_name(level).unwrap_or(LogLevel::Info);
    current.facts.borrow_mut().log.add(level, &without_addresses(message), fields, bytes);
    Ok(None)
}
