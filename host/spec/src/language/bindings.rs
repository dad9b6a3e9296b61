//! The functions behind the methods of specs: each answers true and a value, or false and a message
//! for the author.

use std::rc::Rc;
use std::time::Duration;

use mlua::{FromLuaMulti, Function, IntoLuaMulti, Lua, LuaSerdeExt as _, Table, Value as LuaValue};
use moonring_exchange::Tag;
use moonring_wire::hint;
use serde_json::{Map, Value};

use super::words::WORDS;
use super::{calls, dialed, facts, meetings, parties};
use crate::stage::{Stage, Stuck};

/// What a function answers.
type Answer = (bool, LuaValue);

/// The functions of one stage, each added by name.
pub(super) struct Bindings<'a> {
    lua: &'a Lua,
    stage: &'a Rc<Stage>,
    table: Table,
}

/// A party of a call, as methods are called on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartyOf {
    pub(super) call: usize,
    pub(super) tag: Tag,
}

/// Everything that the prelude calls.
pub(super) fn host(lua: &Lua, stage: &Rc<Stage>) -> mlua::Result<Table> {
    let mut bindings = Bindings { lua, stage, table: lua.create_table()? };
    calls::fill(&mut bindings)?;
    dialed::fill(&mut bindings)?;
    meetings::fill(&mut bindings)?;
    parties::fill(&mut bindings)?;
    facts::fill(&mut bindings)?;
    let nearest = lua.create_function(|_, (name, methods): (String, Table)| {
        let mut names = Vec::new();
        methods.for_each(|name: String, _: LuaValue| {
            names.push(name);
            Ok(())
        })?;
        Ok(hint(&name, names.iter().map(String::as_str)))
    })?;
    bindings.table.raw_set("nearest", nearest)?;
    bindings.add("print", |_, stage, line: String| {
        stage.state.borrow_mut().printed.push(line);
        Ok(())
    })?;
    Ok(bindings.table)
}

impl Bindings<'_> {
    /// Adds a function. While a script answers, none of them may be called.
    pub(super) fn add<A: FromLuaMulti, R: IntoLuaMulti>(
        &mut self,
        name: &str,
        run: impl Fn(&Lua, &Rc<Stage>, A) -> Result<R, String> + 'static,
    ) -> mlua::Result<()> {
        let stage = Rc::clone(self.stage);
        let word = name.to_owned();
        let function: Function = self.lua.create_function(move |lua, arguments: mlua::MultiValue| {
            let refuse = |message: String| {
                Ok::<Answer, mlua::Error>((false, LuaValue::String(lua.create_string(message)?)))
            };
            if stage.state.borrow().is_answering {
                return refuse(format!("{word} cannot be used in a function that makes a reply: the script waits for it"));
            }
            let arguments = match A::from_lua_multi(arguments, lua) {
                Ok(arguments) => arguments,
                Err(error) => return refuse(plain(&word, &error)),
            };
            match run(lua, &stage, arguments) {
                Ok(value) => {
                    let first = value.into_lua_multi(lua)?.pop_front();
                    Ok((true, first.unwrap_or(LuaValue::Nil)))
                }
                Err(message) => refuse(message),
            }
        })?;
        self.table.raw_set(name, function)
    }

    /// Adds a function of a party.
    pub(super) fn add_party<A: FromLuaMulti, R: IntoLuaMulti>(
        &mut self,
        name: &str,
        run: impl Fn(&Lua, &Rc<Stage>, PartyOf, A) -> Result<R, String> + 'static,
    ) -> mlua::Result<()> {
        let word = name.to_owned();
        self.add(name, move |lua, stage, arguments: mlua::MultiValue| {
            let mut arguments = arguments;
            let call = arguments.pop_front().and_then(|id| id.as_usize());
            let leg = arguments.pop_front().unwrap_or(LuaValue::Nil);
            let call =
                call.ok_or_else(|| format!("{word} belongs to a call; write c:{word}(…)"))?;
            // Callees are numbered by the phones that have rung.
            let tag = match leg.as_usize() {
                Some(ring) if stage.state.borrow().rings(call) > ring => {
                    return Err(format!(
                        "{word} comes too late: this callee is gone, and another phone rings since"
                    ));
                }
                Some(_) => Tag::B,
                None => Tag::A,
            };
            let arguments =
                A::from_lua_multi(arguments, lua).map_err(|error| plain(&word, &error))?;
            run(lua, stage, PartyOf { call, tag }, arguments)
        })
    }
}

/// A value of Lua as JSON.
///
/// # Errors
/// What cannot be JSON, in words.
pub(super) fn json(lua: &Lua, value: LuaValue) -> Result<Value, String> {
    lua.from_value(value).map_err(|error| conversion(&error))
}

/// A table of Lua as an object.
///
/// # Errors
/// When it is something else, in words.
pub(super) fn object(lua: &Lua, word: &str, value: LuaValue) -> Result<Map<String, Value>, String> {
    match json(lua, value)? {
        Value::Object(fields) => Ok(fields),
        Value::Null => Ok(Map::new()),
        Value::Array(list) if list.is_empty() => Ok(Map::new()),
        other => Err(format!(
            "{word} got {other}; wanted a table with names, such as {{ name = value }}"
        )),
    }
}

/// Seconds of a test.
///
/// # Errors
/// When they are none, in words.
pub(super) fn seconds(word: &str, seconds: f64) -> Result<Duration, String> {
    let wrong = || format!("{word} got {seconds}; wanted seconds from 0 to 86400");
    if !(0.0..=86_400.0).contains(&seconds) {
        return Err(wrong());
    }
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

/// Why something wanted did not happen, in words.
pub(crate) fn stuck(wanted: &str, why: Stuck) -> String {
    match why {
        Stuck::Unanswered(text) => text,
        Stuck::Failed(failure) => {
            format!("the script failed: {failure}\n  where the test expects that, write c:fails(…)")
        }
        Stuck::Over => format!("{wanted}, and the call ended"),
        Stuck::Idle => {
            format!("{wanted}, and nothing more happens in the call: the script waits for somebody")
        }
    }
}

/// The message of an error of an argument, in the words of Lua, with the form of the word.
fn plain(word: &str, error: &mlua::Error) -> String {
    let form = WORDS.iter().find(|known| known.name == word).map(|known| known.form);
    let form = form.map(|form| format!("; write {form}")).unwrap_or_default();
    format!("{word} {}{form}", conversion(error))
}

/// What came, and what was wanted.
fn conversion(error: &mlua::Error) -> String {
    match error {
        mlua::Error::BadArgument { cause, .. } => conversion(cause),
        mlua::Error::FromLuaConversionError { from, to, .. } => {
            let to = match to.as_str() {
                "String" => "string",
                "f64" | "usize" => "number",
                other => other,
            };
            match *from {
                "nil" => format!("lacks a {to}"),
                from => format!("got a {from}; wanted a {to}"),
            }
        }
        other => {
            let text = other.to_string();
            let first = text.lines().next().unwrap_or_default();
            first.trim_start_matches("runtime error: ").to_owned()
        }
    }
}
