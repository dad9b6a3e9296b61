//! A release is loaded once before it is accepted: what fails here would have failed at every call.
//!
//! Every script and module runs its main function, in a VM that is thrown away afterwards. Nothing
//! can be asked for while a file loads, so nothing is done outside.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use mlua::{Function, Table, Value as LuaValue};
use moonring_flow::Place;
use moonring_wire::{Action, EventType};

use crate::convert::describe;
use crate::error::{Error, LoadError, Problem};
use crate::schema::snake_case;
use crate::vm::program::Program;
use crate::{Compiled, Limits};
use moonring_wire::hint;

/// The name of the handler of all that has no other.
const DEFAULT: &str = "default";

/// How many interrupts of the VM one file may take: a count and no time, since a Lambda may be
/// frozen in the middle of it. A file is loaded anew at each event, and this is most of a second of
/// a whole processor.
const TICKS: u64 = 30_000_000;

/// With what a release is loaded.
pub struct Trial<'a> {
    /// Scripts that answer calls, besides those that the release's own routes name.
    pub scripts: &'a [&'a str],
    /// What one file may use, with those that it requires.
    pub limits: Limits,
    /// The time as the files see it, in seconds since 1970.
    pub now_seconds: i64,
}

impl Compiled {
    /// Loads every script and module once, and looks at what each returns: a script that answers
    /// calls returns a function, or a table whose keys are events and whose values are functions or
    /// tables of functions by action; a module returns something.
    ///
    /// # Errors
    /// Everything that is wrong, with file and line, in the order of the files.
    pub fn try_load(&self, trial: &Trial<'_>) -> Result<(), LoadError> {
        let ticks = Rc::new(Cell::new(0));
        let counted = Rc::clone(&ticks);
        // Sticky: whoever catches the stop was stopped all the same.
        let stop = move || {
            counted.set(counted.get() + 1);
            counted.get() > TICKS
        };
        let broken = |error: &dyn std::fmt::Display| LoadError {
            problems: vec![Problem {
                file: "release".to_owned(),
                line: None,
                message: error.to_string(),
            }],
        };
        let program =
            Program::load_idle(self, stop, trial.limits).map_err(|error| broken(&error))?;
        let answering = self.answering(trial.scripts);
        // First those that answer: what they require is loaded as it is in a call.
        let (first, others): (Vec<&str>, Vec<&str>) =
            self.scripts().partition(|file| answering.contains(file));
        let mut found: Vec<Problem> = Vec::new();
        let mut required: BTreeSet<String> = BTreeSet::new();
        for file in first.into_iter().chain(others) {
            if required.contains(file) && !answering.contains(file) {
                continue;
            }
            ticks.set(0);
            let loaded = program
                .load_file(file, trial.now_seconds, &mut required)
                .map_err(|error| broken(&error))?;
            let loaded = if ticks.get() > TICKS {
                Err(Error::Deadline { place: place_of(&loaded), trace: Vec::new() })
            } else {
                loaded
            };
            let new = match &loaded {
                Err(error) => vec![failure(file, error)],
                Ok(value) => Judge { file, answers: answering.contains(file) }.judge(value),
            };
            // A module that fails fails again in the file that requires it.
            let new: Vec<_> = new.into_iter().filter(|new| !found.contains(new)).collect();
            found.extend(new);
            // After that the VM has no room that could be relied on.
            if matches!(loaded, Err(Error::Memory { .. })) {
                break;
            }
        }
        let order: Vec<&str> = self.file_names().collect();
        found.sort_by_key(|problem| {
            (order.iter().position(|file| *file == problem.file), problem.line)
        });
        if found.is_empty() { Ok(()) } else { Err(LoadError { problems: found }) }
    }

    /// The release's own files but for its routes, which were evaluated when it was compiled.
    fn scripts(&self) -> impl Iterator<Item = &str> {
        self.file_names().filter(|name| !matches!(*name, "routes.lua" | "routes.luau"))
    }

    /// The files that answer calls, as far as the release itself says.
    fn answering<'a>(&'a self, more: &'a [&'a str]) -> BTreeSet<&'a str> {
        let routed = self.routes().into_iter().flat_map(|routes| {
            let own = routes.routes.iter().filter(|route| route.alias().is_none());
            own.filter_map(|route| route.script.as_deref()).chain([routes.default_script()])
        });
        let main = self.routes().is_none().then_some("main");
        let scripts = routed.chain(main).chain(more.iter().copied());
        scripts.filter_map(|script| self.script(script)).collect()
    }
}

fn place_of(loaded: &Result<LuaValue, Error>) -> Option<Place> {
    loaded.as_ref().err().and_then(Error::place).cloned()
}

fn failure(file: &str, error: &Error) -> Problem {
    let own = error.place().filter(|place| !place.file.starts_with('@'));
    let (file, line) = own.map_or((file, None), |place| (place.file.as_str(), Some(place.line)));
    let message = match error {
        Error::Raised { message, .. } => message.clone(),
        Error::Deadline { .. } => {
            "it did not finish loading and was stopped; a file is loaded for each event, so do the work in a function"
                .to_owned()
        }
        Error::Memory { limit_mib, .. } => {
            format!("it used more memory while it loaded than the limit of {limit_mib} MiB")
        }
        other => other.to_string(),
    };
    Problem { file: file.to_owned(), line, message }
}

struct Judge<'a> {
    file: &'a str,
    /// Whether calls are answered by it, as the release says.
    answers: bool,
}

impl Judge<'_> {
    fn judge(&self, value: &LuaValue) -> Vec<Problem> {
        const SCRIPT: &str = "wanted a flow, function(call) … end, or a table of handlers, such as { new_inbound_call = function(event, call) … end }";
        match value {
            LuaValue::Function(_) => Vec::new(),
            LuaValue::Nil if !self.answers => {
                vec![
                    self.problem(
                        None,
                        "the file returns nothing; a module returns one value, usually a table"
                            .to_owned(),
                    ),
                ]
            }
            LuaValue::Nil => {
                vec![self.problem(None, format!("the script returns nothing; {SCRIPT}"))]
            }
            LuaValue::Table(table) if self.answers => self.handlers(table),
            LuaValue::Table(_) => Vec::new(),
            other if self.answers => {
                vec![
                    self.problem(None, format!("the script returns {}; {SCRIPT}", describe(other))),
                ]
            }
            _ => Vec::new(),
        }
    }

    fn handlers(&self, table: &Table) -> Vec<Problem> {
        // What a metatable finds nobody can know.
        let is_open = table.metatable().is_some();
        let mut problems = Vec::new();
        let pairs: Vec<_> = table.pairs::<LuaValue, LuaValue>().filter_map(Result::ok).collect();
        if pairs.is_empty() && !is_open {
            let text = "the script returns an empty table, so nothing would answer; wanted handlers, such as { new_inbound_call = function(event, call) … end }";
            problems.push(self.problem(None, text.to_owned()));
        }
        let names: Vec<String> =
            EventType::known().map(EventType::lua_name).chain([DEFAULT.to_owned()]).collect();
        let known = || names.iter().map(String::as_str);
        let is_known = |(key, _): &(LuaValue, LuaValue)| {
            name_of(key).is_some_and(|name| names.contains(&name))
        };
        for (key, value) in &pairs {
            match name_of(key) {
                Some(name) if names.contains(&name) => problems.extend(self.handler(&name, value)),
                // An event that is newer than this host may have a handler too.
                Some(name) if hint(&name, known()).is_empty() => {
                    problems.extend(self.handler(&name, value))
                }
                _ => problems.push(self.unknown("event", key, known(), value)),
            }
        }
        if problems.is_empty() && !pairs.is_empty() && !is_open && !pairs.iter().any(is_known) {
            let text = "the script has no handler for any event that this host knows and no default, so nothing would answer";
            problems.push(self.problem(None, text.to_owned()));
        }
        problems
    }

    /// The handler of an event: a function, or a table of functions by action.
    fn handler(&self, event: &str, value: &LuaValue) -> Vec<Problem> {
        let wrong = |name: &str, value: &LuaValue| {
            self.problem(
                None,
                format!("the handler of {name} is {}; wanted a function", describe(value)),
            )
        };
        match value {
            LuaValue::Function(_) => Vec::new(),
            LuaValue::Table(by_action) if event != DEFAULT => {
                let names: Vec<String> =
                    Action::known_types().map(snake_case).chain([DEFAULT.to_owned()]).collect();
                let known = || names.iter().map(String::as_str);
                let pairs = by_action.pairs::<LuaValue, LuaValue>().filter_map(Result::ok);
                pairs
                    .filter_map(|(key, value)| match name_of(&key) {
                        Some(name) if names.contains(&name) => (!value.is_function())
                            .then(|| wrong(&format!("{event}.{name}"), &value)),
                        _ => Some(self.unknown("action", &key, known(), &value)),
                    })
                    .collect()
            }
            other => vec![wrong(event, other)],
        }
    }

    fn unknown<'a>(
        &self,
        what: &str,
        key: &LuaValue,
        names: impl Iterator<Item = &'a str>,
        value: &LuaValue,
    ) -> Problem {
        let hint = name_of(key).map(|name| hint(&name, names)).unwrap_or_default();
        let message = format!(
            "there is no {what} {}{hint}",
            name_of(key).map_or_else(|| describe(key), |name| format!("`{name}`"))
        );
        self.problem(value.as_function().and_then(|function| self.line_of(function)), message)
    }

    fn problem(&self, line: Option<u32>, message: String) -> Problem {
        Problem { file: self.file.to_owned(), line: line.or(Some(1)), message }
    }

    /// The line on which a function begins, if it is one of this file's.
    fn line_of(&self, function: &Function) -> Option<u32> {
        let info = function.info();
        let is_own =
            info.source.is_some_and(|source| source.trim_start_matches(['=', '@']) == self.file);
        info.line_defined.filter(|_| is_own).and_then(|line| u32::try_from(line).ok())
    }
}

fn name_of(key: &LuaValue) -> Option<String> {
    key.as_string().and_then(|key| key.to_str().ok().map(|key| key.to_owned()))
}

impl std::fmt::Debug for Trial<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trial").field("scripts", &self.scripts).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
