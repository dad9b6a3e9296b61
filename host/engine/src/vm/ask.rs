//! What a script asks of the outside, taken over from the prelude.

use mlua::{Table, Value as LuaValue};
use moonring_flow::{MOST_REQUESTS, Place, Request};
use serde_json::Value;

use crate::convert::{Unsayable, requests_from_lua};
use crate::vm::bindings::CurrentEvent;

/// What a script asks for at once, and the line that does.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) requests: Vec<Request>,
    pub(crate) place: Option<Place>,
}

/// Takes the requests that a script is about to wait for; returns what is wrong with them, if
/// anything.
pub(crate) fn ask(
    current: &CurrentEvent,
    mark: &Table,
    requests: &Table,
    place: Option<Place>,
) -> mlua::Result<Option<String>> {
    let count = requests.raw_len();
    if count > MOST_REQUESTS {
        return Ok(Some(format!(
            "{count} requests are made at the same time; the limit is {MOST_REQUESTS}"
        )));
    }
    let requests = match requests_from_lua(&LuaValue::Table(requests.clone()), mark) {
        Ok(Value::Array(requests)) => requests,
        Ok(_) => return Ok(Some("there are no requests".to_owned())),
        Err(Unsayable::Refused(message) | Unsayable::Unusable(message)) => {
            return Ok(Some(message));
        }
        Err(Unsayable::Lua(error)) => return Err(error),
    };
    let parsed = requests.into_iter().map(|request| match request {
        Value::Object(fields) => {
            Request::parse(fields).map_err(|error| format!("the request cannot be made: {error}"))
        }
        _ => Err("a request is not a table".to_owned()),
    });
    match parsed.collect() {
        Ok(requests) => {
            current.facts.borrow_mut().asked = Some(Asked { requests, place });
            Ok(None)
        }
        Err(problem) => Ok(Some(problem)),
    }
}
