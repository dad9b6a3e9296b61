//! `routes.lua`: evaluated once, when a release is compiled, and held against the types of its
//! routes.

use std::cell::Cell;

use mlua::{Table, Value as LuaValue};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::convert::{Unsayable, describe};
use crate::error::{Error, Problem};
use crate::resolve::{script_file, script_hint};
use crate::routes::{Rest, Route, Routes};
use crate::schema::Schema;
use crate::validate::Validator;
use crate::vm::program::Program;
use crate::{Compiled, Limits};

/// How many interrupts of the VM the evaluation may take: a count, not a time, so that it ends the
/// same everywhere.
const TICKS: u64 = 1_000_000;

/// The routes of a compiled release; `text` is the source, for the lines of problems.
pub(crate) fn evaluate(
    compiled: &Compiled,
    file: &str,
    text: &str,
) -> Result<Routes, Vec<Problem>> {
    let lines = item_lines(text);
    let problem =
        |line: Option<u32>, message: String| Problem { file: file.to_owned(), line, message };
    let ticks = Cell::new(0);
    let stop = move || {
        ticks.set(ticks.get() + 1);
        ticks.get() > TICKS
    };
    let program = Program::load_idle(compiled, stop, Limits::default());
    let returned =
        program.and_then(|program| Ok((program.evaluate(file)?, program))).map_err(|error| {
            let place = error.place().filter(|place| place.file == file);
            let text = match &error {
                Error::Raised { message, place: Some(found), .. } if found.file != file => {
                    format!("{found}: {message}")
                }
                Error::Raised { message, .. } => message.clone(),
                Error::Deadline { .. } => {
                    "the file takes too long; it should only return a table".to_owned()
                }
                other => other.to_string(),
            };
            vec![problem(place.map(|place| place.line).or(Some(1)), text)]
        })?;
    let (LuaValue::Table(table), program) = &returned else {
        let message =
            format!("the file returns {}; wanted a table of routes", describe(&returned.0));
        return Err(vec![problem(Some(1), message)]);
    };
    let mut problems = Vec::new();
    let mut routes = Vec::new();
    let line_of = |index: usize| lines.get(index).copied().or(Some(1));
    for index in 0..table.raw_len() {
        let what = format!("route {}", index + 1);
        match table.raw_get::<LuaValue>(index + 1) {
            Ok(LuaValue::Table(route)) => match read::<Route>(&what, &route, program) {
                Ok(route) if route.script.is_none() && route.alias().is_none() => {
                    let message = format!(
                        "{what}: `script` is missing; wanted a string of 1 or more characters"
                    );
                    problems.push(problem(line_of(index), message));
                }
                Ok(route) => routes.push(route),
                Err(message) => problems.push(problem(line_of(index), message)),
            },
            Ok(other) => problems.push(problem(
                line_of(index),
                format!("{what} is {}; wanted a table", describe(&other)),
            )),
            Err(error) => problems.push(problem(line_of(index), error.to_string())),
        }
    }
    let rest = program.without_list(table).map_err(|error| error.to_string());
    match rest.and_then(|named| read::<Rest>("routes", &named, program)) {
        Ok(rest) => {
            let routes = Routes { routes, rest };
            let names = || compiled.file_names();
            for (index, script) in own_scripts(&routes) {
                if script_file(script, names()).is_none() {
                    let message =
                        format!("there is no script `{script}`{}", script_hint(script, names()));
                    problems.push(problem(index.map_or(Some(1), line_of), message));
                }
            }
            if problems.is_empty() { Ok(routes) } else { Err(problems) }
        }
        Err(message) => {
            problems.push(problem(Some(1), message));
            Err(problems)
        }
    }
}

/// The scripts that must be in this release, with their routes. Those of another release are looked
/// for when a call comes.
fn own_scripts(routes: &Routes) -> impl Iterator<Item = (Option<usize>, &str)> {
    let own = routes.routes.iter().enumerate().filter(|(_, route)| route.alias().is_none());
    let own = own.filter_map(|(index, route)| Some((Some(index), route.script.as_deref()?)));
    own.chain([(None, routes.default_script())])
}

/// A table held against its type.
fn read<T: DeserializeOwned + JsonSchema>(
    what: &str,
    table: &Table,
    program: &Program,
) -> Result<T, String> {
    let checker = Validator { what, list_mark: program.list_mark(), unknown: None };
    let fields: Map<String, Value> =
        checker.table(table, &Schema::of::<T>(), "").map_err(|error| match error {
            Unsayable::Refused(message) | Unsayable::Unusable(message) => message,
            Unsayable::Lua(error) => error.to_string(),
        })?;
    serde_json::from_value(Value::Object(fields)).map_err(|error| format!("{what}: {error}"))
}

/// The line on which each item of the outermost table begins, for a file that returns its table as
/// it stands.
fn item_lines(text: &str) -> Vec<u32> {
    let mut lines = Vec::new();
    let (mut depth, mut line) = (0_u32, 1_u32);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => line += 1,
            '-' if letters.peek() == Some(&'-') => {
                while letters.next_if(|letter| *letter != '\n').is_some() {}
            }
            '"' | '\'' | '`' => {
                while let Some(inner) = letters.next() {
                    match inner {
                        '\\' => drop(letters.next()),
                        '\n' => line += 1,
                        inner if inner == letter => break,
                        _ => {}
                    }
                }
            }
            '{' => {
                depth += 1;
                if depth == 2 {
                    lines.push(line);
                }
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    lines
}
