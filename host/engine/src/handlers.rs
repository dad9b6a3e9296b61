//! The handlers style: what became of an event that a table of functions was given, and what that
//! means.

use mlua::{Function, MultiValue, Table, Value as LuaValue};
use moonring_flow::Place;
use moonring_wire::{Answer, Event, EventType};

use crate::answer::{Marks, answer};
use crate::convert::Unsayable;
use crate::error::Error;
use crate::flow::farewell_answer;
use crate::limits::Limits;

/// Reads what the prelude's `serve` returned.
///
/// # Errors
/// The script's error, or Lua's own.
pub(crate) fn conclude(
    event: &Event,
    file: &str,
    returned: MultiValue,
    marks: &Marks,
    limits: Limits,
) -> Result<Answer, Failure> {
    let mut returned = returned.into_iter();
    let mut next = || returned.next().unwrap_or(LuaValue::Nil);
    let (outcome, call, third, fourth) = (next(), next(), next(), next());
    let outcome = outcome.as_string().map(|word| word.to_string_lossy()).unwrap_or_default();
    match outcome.as_str() {
        "farewell" => return Ok(farewell_answer(event)),
        "no_flow" => {
            let kind = third.as_string().map(|kind| kind.to_string_lossy()).unwrap_or_default();
            let message = format!(
                "call:become handed the call to this script, which returns a {kind}; wanted a flow, function(call, state) … end"
            );
            return Err(Error::Answer {
                place: Some(Place { file: file.to_owned(), line: 1 }),
                message,
            }
            .into());
        }
        "flow_problem" => {
            let message = third.as_string().map(|text| text.to_string_lossy()).unwrap_or_default();
            return Err(Error::Mismatch { message }.into());
        }
        _ => {}
    }
    let LuaValue::Table(call) = call else {
        return Err(Error::Engine(format!("the prelude returned {outcome:?}")).into());
    };
    let kind = || third.as_string().map(|kind| kind.to_string_lossy()).unwrap_or_default();
    let place = Some(Place { file: file.to_owned(), line: 1 });
    match outcome.as_str() {
        "handled" => answer(event, &third, &call, marks, limits)
            .map_err(|error| Failure::from_unsayable(error, defined_at(&fourth))),
        "unhandled" => unhandled(event, file, &call, marks, limits),
        "no_handlers" => {
            let message = format!(
                "the script returns a {}; wanted a flow, function(call) … end, or a table of handlers, such as {{ new_inbound_call = function(event, call) … end }}",
                kind()
            );
            Err(Error::Answer { place, message }.into())
        }
        _ => {
            let message = format!(
                "the handler of {} is a {}; wanted a function",
                event.event_type().lua_name(),
                kind()
            );
            Err(Error::Answer { place, message }.into())
        }
    }
}

/// What went wrong: with the script, or inside Lua, where the error still has to be read.
pub(crate) enum Failure {
    Script(Error),
    Lua(mlua::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Script(error)
    }
}

impl From<mlua::Error> for Failure {
    fn from(error: mlua::Error) -> Self {
        Self::Lua(error)
    }
}

impl Failure {
    fn from_unsayable(error: Unsayable, place: Option<Place>) -> Self {
        match error {
            Unsayable::Refused(message) | Unsayable::Unusable(message) => {
                Self::Script(Error::Answer { place, message })
            }
            Unsayable::Lua(error) => Self::Lua(error),
        }
    }
}

/// An event the script has no handler for keeps what is running. Where nothing runs and the caller
/// would be left in silence, that is the script's error.
fn unhandled(
    event: &Event,
    file: &str,
    call: &Table,
    marks: &Marks,
    limits: Limits,
) -> Result<Answer, Failure> {
    let why = match event.event_type() {
        EventType::NewInboundCall | EventType::CallAnswered => {
            "the caller would hear nothing".to_owned()
        }
        EventType::ActionFailed => {
            let action = event.action_type().unwrap_or("an action");
            format!(
                "{action} failed ({}), and no action is running now",
                event.error_text().as_deref().unwrap_or("no reason given")
            )
        }
        EventType::InvalidLambdaResponse => {
            format!(
                "the service refused the last answer ({})",
                event.error_text().as_deref().unwrap_or("no reason given")
            )
        }
        _ => {
            return answer(event, &LuaValue::Nil, call, marks, limits)
                .map_err(|error| Failure::from_unsayable(error, None));
        }
    };
    let place = Some(Place { file: file.to_owned(), line: 1 });
    let message =
        format!("there is no handler for {} and no default: {why}", event.event_type().lua_name());
    Err(Error::Answer { place, message }.into())
}

/// Where a handler is written.
fn defined_at(handler: &LuaValue) -> Option<Place> {
    let info = handler.as_function().map(Function::info)?;
    let line = info.line_defined.and_then(|line| u32::try_from(line).ok())?;
    let file = info.source?.trim_start_matches(['=', '@']).to_owned();
    (!file.starts_with('[')).then_some(Place { file, line })
}
