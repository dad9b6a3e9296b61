//! `routes.lua`: which call runs which script. Evaluated once, when a release is compiled.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use mlua::{Table, Value as LuaValue};
use moonring_wire::{Event, Participant};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::checker::Checker;
use crate::convert::{Unsayable, describe};
use crate::error::{Error, Problem};
use crate::program::Program;
use crate::resolve::{script_file, script_hint};
use crate::shape::Shape;
use crate::{Compiled, Limits};

/// How many interrupts of the VM the evaluation may take: a count, not a time, so that it ends the same everywhere.
const TICKS: u64 = 1_000_000;
/// The script that answers where no route matches and no default is given.
const MAIN: &str = "main";

/// The routes of a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Routes {
    /// In the order of the file; the first that matches counts.
    pub routes: Vec<Route>,
    /// What holds for all of them.
    pub rest: Rest,
}

/// One route: what a call must have, and which script it runs. What is left out matches every call.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Route {
    /// The number calling, as the network gives it.
    pub from: Option<String>,
    /// The number called, as the network gives it.
    pub to: Option<String>,
    /// The SIP rule.
    pub rule: Option<String>,
    /// The SIP media application.
    pub application: Option<String>,
    /// `inbound` or `outbound`.
    pub direction: Option<Direction>,
    /// Arguments of an outbound call, all of which it must have.
    pub arguments: Option<BTreeMap<String, String>>,
    /// The share of the calls that match otherwise; drawn from the id of the call, so that it is drawn once.
    #[schemars(range(min = 0, max = 100))]
    pub percent: Option<u32>,
    /// The script, without its ending.
    #[schemars(length(min = 1))]
    pub script: String,
    /// What the caller hears when this script fails.
    pub fallback: Option<FallbackPlan>,
}

/// What holds for all routes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct Rest {
    /// The script of a call that no route matches; `main` if left out.
    #[schemars(length(min = 1))]
    pub default: Option<String>,
    /// What the caller hears when a script fails whose route says nothing.
    pub fallback: Option<FallbackPlan>,
    /// What becomes of a new inbound call whose script fails.
    pub on_new_call_error: Option<OnNewCallError>,
}

/// What a caller hears when a script fails.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct FallbackPlan {
    /// The text; the host's own apology if left out.
    #[schemars(length(min = 1, max = 1000))]
    pub say: Option<String>,
    /// A number the caller is then connected to; hung up if left out.
    #[schemars(extend("x-form" = "phone"))]
    pub transfer: Option<String>,
}

/// Which way a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Somebody calls.
    Inbound,
    /// Somebody is called.
    Outbound,
}

/// What becomes of a new inbound call whose script fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnNewCallError {
    /// The caller hears the fallback.
    Fallback,
    /// The invocation fails, and the service tries the next SIP media application of the rule (rule 2).
    Failover,
}

impl Routes {
    /// The script of a call, and what its caller hears when it fails.
    pub fn choose(&self, event: &Event) -> (&str, Option<&FallbackPlan>) {
        let found = self.routes.iter().enumerate().find(|(index, route)| route.matches(event, *index));
        let own = found.and_then(|(_, route)| route.fallback.as_ref());
        let script = found.map_or_else(|| self.default_script(), |(_, route)| route.script.as_str());
        (script, own.or(self.rest.fallback.as_ref()))
    }

    /// What the caller of this script hears when it fails.
    pub fn fallback_of(&self, script: &str) -> Option<&FallbackPlan> {
        let route = self.routes.iter().find(|route| route.script == script && route.fallback.is_some());
        route.and_then(|route| route.fallback.as_ref()).or(self.rest.fallback.as_ref())
    }

    fn default_script(&self) -> &str {
        self.rest.default.as_deref().unwrap_or(MAIN)
    }

    fn scripts(&self) -> impl Iterator<Item = (Option<usize>, &str)> {
        let routes = self.routes.iter().enumerate().map(|(index, route)| (Some(index), route.script.as_str()));
        routes.chain([(None, self.default_script())])
    }
}

impl Route {
    fn matches(&self, event: &Event, index: usize) -> bool {
        let leg = event.first_leg();
        let is =
            |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|wanted| found == Some(wanted));
        let direction = leg.and_then(Participant::direction).map(str::to_ascii_lowercase);
        let wanted = self.direction.map(|direction| match direction {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        });
        let arguments = event.action_parameter("Arguments");
        is(&self.from, leg.and_then(Participant::from))
            && is(&self.to, leg.and_then(Participant::to))
            && is(&self.rule, event.rule_id())
            && is(&self.application, event.application_id())
            && wanted.is_none_or(|wanted| direction.as_deref() == Some(wanted))
            && self.arguments.iter().flatten().all(|(name, text)| {
                arguments.and_then(|arguments| arguments.get(name)).and_then(Value::as_str) == Some(text)
            })
            && self.percent.is_none_or(|percent| drawn(event, index) < percent)
    }
}

/// A number from 0 to 99, the same for every event of a call.
fn drawn(event: &Event, index: usize) -> u32 {
    let mut hasher = DefaultHasher::new();
    (event.call_id(), index).hash(&mut hasher);
    u32::try_from(hasher.finish() % 100).unwrap_or(0)
}

/// The routes of a compiled release; `text` is the source, for the lines of problems.
pub(crate) fn evaluate(compiled: &Compiled, file: &str, text: &str) -> Result<Routes, Vec<Problem>> {
    let lines = item_lines(text);
    let problem = |line: Option<u32>, message: String| Problem { file: file.to_owned(), line, message };
    let ticks = Cell::new(0);
    let stop = move || {
        ticks.set(ticks.get() + 1);
        ticks.get() > TICKS
    };
    let program = Program::load_for_routes(compiled, stop, Limits::default());
    let returned = program.and_then(|program| Ok((program.evaluate(file)?, program))).map_err(|error| {
        let place = error.place().filter(|place| place.file == file);
        let text = match &error {
            Error::Raised { message, place: Some(found), .. } if found.file != file => format!("{found}: {message}"),
            Error::Raised { message, .. } => message.clone(),
            Error::Deadline { .. } => "the file takes too long; it is to return a table, and no more".to_owned(),
            other => other.to_string(),
        };
        vec![problem(place.map(|place| place.line).or(Some(1)), text)]
    })?;
    let (LuaValue::Table(table), program) = &returned else {
        let message = format!("the file returns {}; wanted a table of routes", describe(&returned.0));
        return Err(vec![problem(Some(1), message)]);
    };
    let mut problems = Vec::new();
    let mut routes = Vec::new();
    let line_of = |index: usize| lines.get(index).copied().or(Some(1));
    for index in 0..table.raw_len() {
        let what = format!("route {}", index + 1);
        match table.raw_get::<LuaValue>(index + 1) {
            Ok(LuaValue::Table(route)) => match read::<Route>(&what, &route, program) {
                Ok(route) => routes.push(route),
                Err(message) => problems.push(problem(line_of(index), message)),
            },
            Ok(other) => {
                problems.push(problem(line_of(index), format!("{what} is {}; wanted a table", describe(&other))))
            }
            Err(error) => problems.push(problem(line_of(index), error.to_string())),
        }
    }
    let rest = program.without_list(table).map_err(|error| error.to_string());
    match rest.and_then(|named| read::<Rest>("routes", &named, program)) {
        Ok(rest) => {
            let routes = Routes { routes, rest };
            let names = || compiled.file_names();
            for (index, script) in routes.scripts() {
                if script_file(script, names()).is_none() {
                    let message = format!("there is no script `{script}`{}", script_hint(script, names()));
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

/// A table held against its type.
fn read<T: DeserializeOwned + JsonSchema>(what: &str, table: &Table, program: &Program) -> Result<T, String> {
    let schema: Schema = schemars::generate::SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<T>();
    let checker = Checker { what, list_mark: program.list_mark() };
    let fields: Map<String, Value> =
        checker.table(table, &Shape::from_schema(&schema.to_value()), "").map_err(|error| match error {
            Unsayable::Refused(message) => message,
            Unsayable::Lua(error) => error.to_string(),
        })?;
    serde_json::from_value(Value::Object(fields)).map_err(|error| format!("{what}: {error}"))
}

/// The line on which each item of the outermost table begins, for a file that returns its table as it stands.
fn item_lines(text: &str) -> Vec<u32> {
    let mut lines = Vec::new();
    let (mut depth, mut line) = (0_u32, 1_u32);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => line += 1,
            '-' if letters.peek() == Some(&'-') => while letters.next_if(|letter| *letter != '\n').is_some() {},
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
