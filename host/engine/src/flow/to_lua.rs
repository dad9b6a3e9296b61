//! The result of a step, as the prelude hands it to the script: a value, or nil and why not.

use mlua::{Lua, Result, Table, Value as LuaValue};
use moonring_flow::{ConnectedLeg, Reply, StepFailure, StepResult};

use crate::convert::{object_to_lua, to_lua};

/// A value, and an error's fields.
pub(super) type Results = (LuaValue, LuaValue);

pub(super) fn results(lua: &Lua, list_mark: &Table, recorded: &StepResult) -> Result<Results> {
    let text = |text: &str| -> Result<LuaValue> { Ok(LuaValue::String(lua.create_string(text)?)) };
    let pair = |word: &str, detail: LuaValue| -> Result<LuaValue> {
        let pair = lua.create_table_with_capacity(2, 0)?;
        pair.raw_push(word)?;
        pair.raw_push(detail)?;
        Ok(LuaValue::Table(pair))
    };
    let value = match recorded {
        StepResult::True => LuaValue::Boolean(true),
        StepResult::Digits(digits) => text(digits)?,
        StepResult::Failed(failure) => {
            return Ok((LuaValue::Nil, LuaValue::Table(fields(lua, failure)?)));
        }
        StepResult::Leg(ConnectedLeg { tag, id, from, to }) => {
            let leg = lua.create_table_with_capacity(0, 6)?;
            for (name, value) in [
                ("tag", tag.as_str()),
                ("id", id),
                ("from", from),
                ("to", to),
                ("direction", "outbound"),
                ("status", "connected"),
            ] {
                leg.raw_set(name, value)?;
            }
            LuaValue::Table(leg)
        }
        StepResult::Recording { bucket, key, terminator } => {
            let recording = lua.create_table_with_capacity(0, 3)?;
            recording.raw_set("bucket", bucket.as_str())?;
            recording.raw_set("key", key.as_str())?;
            if !terminator.is_empty() {
                recording.raw_set("terminator", terminator.as_str())?;
            }
            LuaValue::Table(recording)
        }
        StepResult::Pressed(digits) => pair("digits", text(digits)?)?,
        StepResult::Updated(arguments) => {
            pair("update", LuaValue::Table(object_to_lua(lua, list_mark, arguments)?))?
        }
        StepResult::Left(tag) => pair("left", text(tag)?)?,
        StepResult::TimedOut => pair("timeout", LuaValue::Nil)?,
        StepResult::Replies(replies) => LuaValue::Table(self::replies(lua, list_mark, replies)?),
        StepResult::Value(value) => to_lua(lua, list_mark, value)?,
        StepResult::Acted { event, leg } => {
            let pair = lua.create_table_with_capacity(2, 0)?;
            pair.raw_push(to_lua(lua, list_mark, event)?)?;
            if let Some(leg) = leg {
                pair.raw_push(results(lua, list_mark, leg)?.0)?;
            }
            LuaValue::Table(pair)
        }
        // Who has the key hands over what is in it.
        StepResult::Sealed(_) => LuaValue::Nil,
        StepResult::Raised(message) => return Ok((LuaValue::Nil, text(message)?)),
    };
    Ok((value, LuaValue::Nil))
}

fn fields(lua: &Lua, failure: &StepFailure) -> Result<Table> {
    let table = lua.create_table_with_capacity(0, 4)?;
    table.raw_set("type", failure.error_type)?;
    table.raw_set("message", failure.message.as_str())?;
    for (name, text) in [("code", &failure.code), ("action", &failure.action)] {
        if !text.is_empty() {
            table.raw_set(name, text.as_str())?;
        }
    }
    Ok(table)
}

/// One table per reply: `{ output = … }`, or `{ error_type = …, message = …, code = … }`.
pub(crate) fn replies(lua: &Lua, list_mark: &Table, replies: &[Reply]) -> Result<Table> {
    let list = lua.create_table_with_capacity(replies.len(), 0)?;
    for reply in replies {
        let table = lua.create_table()?;
        match reply {
            Reply::Done(output) => table.raw_set("output", to_lua(lua, list_mark, output)?)?,
            Reply::Failed { error_type, message, code } => {
                table.raw_set("code", code.as_deref())?;
                table.raw_set("error_type", error_type.as_str())?;
                table.raw_set("message", message.as_str())?;
            }
        }
        list.raw_push(table)?;
    }
    Ok(list)
}
