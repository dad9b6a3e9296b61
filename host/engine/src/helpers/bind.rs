//! The Rust functions behind `helpers.lua`: each answers with a value, or with nil and a message
//! for the author.

use std::rc::Rc;

use jiff::tz::TimeZoneDatabase;
use mlua::{Lua, LuaString, Result, Table, Value as LuaValue};
use moonring_flow::Request;
use serde_json::{Map, Value};

use super::aws::Aws;
use super::chime::{self, Chime};
use super::http::Http;
use super::{metric, phone, storage, time};
use crate::LogLevel;
use crate::convert::{Unsayable, from_lua, to_lua};
use crate::unusable::GIVES_NIL;
use crate::vm::bindings::{CurrentEvent, OrMessage, called_at, or_message};

/// The functions behind `helpers.lua`.
pub(crate) fn fill(
    lua: &Lua,
    host: &Table,
    list_mark: &Table,
    current: &Rc<CurrentEvent>,
) -> Result<()> {
    let aws = Rc::new(Aws::new());
    let (json, mark) = (Rc::clone(&aws), list_mark.clone());
    host.raw_set(
        "aws_json",
        lua.create_function(move |lua, options: LuaValue| {
            request(lua, &mark, "aws.json", json.json(&options, &mark))
        })?,
    )?;
    let mark = list_mark.clone();
    host.raw_set(
        "aws_request",
        lua.create_function(move |lua, options: LuaValue| {
            request(lua, &mark, "aws.request", aws.request(&options, &mark))
        })?,
    )?;

    let chime = Rc::new(Chime::new());
    host.raw_set("chime_names", lua.create_sequence_from(chime.names())?)?;
    let (mark, asked) = (list_mark.clone(), Rc::clone(current));
    host.raw_set(
        "chime_request",
        lua.create_function(move |lua, (name, options): (String, LuaValue)| {
            let facts = asked.facts.borrow();
            let event = facts
                .event
                .as_ref()
                .ok_or_else(|| mlua::Error::runtime("there is no current event"))?;
            handed(lua, &mark, chime.request(&name, &options, &mark, event))
        })?,
    )?;
    let mark = list_mark.clone();
    host.raw_set(
        "chime_result",
        lua.create_function(move |lua, (name, output, request): (String, LuaValue, LuaValue)| {
            let read = |value: &LuaValue| match from_lua(value, &mark, "a reply") {
                Ok(value) => Ok(value),
                Err(Unsayable::Refused(message) | Unsayable::Unusable(message)) => {
                    Err(mlua::Error::runtime(message))
                }
                Err(Unsayable::Lua(error)) => Err(error),
            };
            let request = read(&request)?;
            let input =
                request.get("input").and_then(Value::as_object).cloned().unwrap_or_default();
            to_lua(lua, &mark, &chime::result(&name, read(&output)?, &input))
        })?,
    )?;

    let (http, mark) = (Http::new(), list_mark.clone());
    host.raw_set(
        "http_request",
        lua.create_function(move |lua, (what, options): (String, LuaValue)| {
            request(lua, &mark, &what, http.request(&what, &options, &mark))
        })?,
    )?;

    let mark = list_mark.clone();
    host.raw_set(
        "storage_request",
        lua.create_function(move |lua, (operation, key, value): (String, LuaValue, LuaValue)| {
            let request = || {
                let Some(key) = key.as_string().map(|key| key.to_string_lossy()) else {
                    let came = crate::convert::describe(&key);
                    let text =
                        format!("storage.{operation}: the key is {came}; wanted a string, such as \"callers/5\"");
                    return Err(Unsayable::Refused(text));
                };
                let value = match (&value, operation.as_str()) {
                    (LuaValue::Nil, "put" | "put_new") => {
                        let text = format!("storage.{operation}: there is no value; wanted a string or a table");
                        return Err(Unsayable::Refused(text));
                    }
                    (LuaValue::Nil, _) => None,
                    (value, _) => {
                        let read =
                            from_lua(value, &mark, &format!("storage.{operation}: the value"));
                        Some(read.map_err(Unsayable::of_data)?)
                    }
                };
                storage::request(&operation, &key, value)
            };
            handed(lua, &mark, request())
        })?,
    )?;

    let warned = Rc::clone(current);
    host.raw_set(
        "warn_of_data",
        lua.create_function(
            move |_, (message, file, line): (LuaString, Option<LuaString>, Option<i64>)| {
                let place = called_at(file, line);
                let mut facts = warned.facts.borrow_mut();
                facts.warn_of_data(place.as_ref(), &message.to_string_lossy(), GIVES_NIL);
                Ok(())
            },
        )?,
    )?;

    let (zones, mark) = (TimeZoneDatabase::bundled(), list_mark.clone());
    host.raw_set(
        "time_at",
        lua.create_function(move |lua, (zone, seconds): (LuaString, i64)| {
            let told = time::at(&zones, &zone.to_string_lossy(), seconds);
            handed(lua, &mark, told.map_err(Unsayable::Refused))
        })?,
    )?;

    let (called, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "phone_parse",
        lua.create_function(move |lua, (text, country): (LuaString, Option<LuaString>)| {
            let facts = called.facts.borrow();
            // Who calls a number of a country writes numbers as they are written there.
            let own = facts.event.as_ref().and_then(|event| {
                let leg = event.first_leg()?;
                let own = if leg.direction() == Some("Outbound") { leg.from() } else { leg.to() };
                phone::country_of(own?)
            });
            let country =
                country.map(|country| country.to_string_lossy()).or_else(|| own.map(str::to_owned));
            handed(
                lua,
                &mark,
                phone::parse(&text.to_string_lossy(), country.as_deref())
                    .map_err(Unsayable::Refused),
            )
        })?,
    )?;

    let (counted, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "metric_count",
        lua.create_function(
            move |_,
                  (name, number, dimensions, file, line): (
                LuaString,
                f64,
                LuaValue,
                Option<LuaString>,
                Option<i64>,
            )| {
                let dimensions = match from_lua(&dimensions, &mark, "metric.count: the dimensions")
                {
                    Ok(Value::Object(dimensions)) => dimensions,
                    Ok(Value::Array(items)) if items.is_empty() => Map::new(),
                    Ok(Value::Null) => Map::new(),
                    Ok(_) => {
                        return Ok(Some(
                            "metric.count: the dimensions are not a table of named values"
                                .to_owned(),
                        ));
                    }
                    Err(Unsayable::Refused(message) | Unsayable::Unusable(message)) => {
                        return Ok(Some(message));
                    }
                    Err(Unsayable::Lua(error)) => return Err(error),
                };
                let mut facts = counted.facts.borrow_mut();
                let name = name.to_string_lossy();
                let record = match metric::count(&name, number, dimensions, facts.now_seconds) {
                    Ok(record) => record,
                    Err(Unsayable::Refused(message)) => return Ok(Some(message)),
                    Err(Unsayable::Unusable(message)) => {
                        let place = called_at(file, line);
                        facts.warn_of_data(place.as_ref(), &message, "it is skipped");
                        return Ok(None);
                    }
                    Err(Unsayable::Lua(error)) => return Err(error),
                };
                // What a replay does again was counted when it was done.
                if !facts.flow.as_ref().is_some_and(|flow| flow.is_silent()) {
                    let bytes = record.to_string().len();
                    facts.log.add_metric(LogLevel::Info, record, bytes);
                }
                Ok(None)
            },
        )?,
    )
}

/// A value for `helpers.lua`, or nil and a message.
fn handed(
    lua: &Lua,
    list_mark: &Table,
    made: std::result::Result<Value, Unsayable>,
) -> Result<OrMessage> {
    or_message(made.and_then(|value| Ok(to_lua(lua, list_mark, &value)?)))
}

/// A request of a helper for `helpers.lua`, or nil and a message. What could not leave the VM is
/// refused here already, at the author's line.
fn request(
    lua: &Lua,
    list_mark: &Table,
    what: &str,
    made: std::result::Result<Value, Unsayable>,
) -> Result<OrMessage> {
    handed(
        lua,
        list_mark,
        made.and_then(|request| match request {
            Value::Object(fields) => match Request::parse(fields.clone()) {
                Ok(_) => Ok(Value::Object(fields)),
                // Who is asked over HTTP, and with what, often comes from elsewhere.
                Err(error) if what != "aws.json" => {
                    Err(Unsayable::Unusable(format!("{what}: {error}")))
                }
                Err(error) => Err(Unsayable::Refused(format!("{what}: {error}"))),
            },
            other => Ok(other),
        }),
    )
}
