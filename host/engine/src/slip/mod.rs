//! What an author most likely meant where a script used something that is not there: the names
//! around the line that failed, held against those that exist.

mod names;
mod script;

use mlua::{Lua, Table, Value as LuaValue};
use moonring_flow::Place;
use moonring_wire::{Event, Json, hint};

use self::names::{Chain, chains};
use self::script::{Roots, lines_around, value_of};
use crate::call::{LEG_NAMES, NAMES};
use crate::flow::method::METHODS;

/// What Luau says where a method is missing, up to the method's name.
const METHOD: &str = "attempt to call missing method '";
/// What Luau says where something is looked for in nothing, up to the name looked for.
const INDEX: &str = "attempt to index nil with '";
/// The fields of an error that comes behind a nil.
const ERROR_FIELDS: [&str; 3] = ["type", "message", "code"];

/// How many chains of names of a line are looked at, and how many of its words: a script may have
/// thousands, and its config as many keys.
const MOST: usize = 12;

/// Where a script failed, and what there was.
pub(crate) struct Slip<'a> {
    pub(crate) lua: &'a Lua,
    pub(crate) event: Option<&'a Event>,
    /// The whole file.
    pub(crate) text: Option<&'a str>,
    pub(crate) place: Option<&'a Place>,
    /// Whether the script is a flow: then `call` has methods.
    pub(crate) is_flow: bool,
}

/// What is missing.
struct Missing {
    told: String,
    /// Whether something there is nearly called the same, or must be there.
    is_sure: bool,
}

impl Slip<'_> {
    /// What there is to say of an error with this text: the end of a sentence, or nothing.
    pub(crate) fn hint(&self, message: &str) -> String {
        let (Some(text), Some(place)) = (self.text, self.place) else { return String::new() };
        let line = usize::try_from(place.line).unwrap_or(0).saturating_sub(1);
        let roots = Roots::of(text);
        if let Some(rest) = message.strip_prefix(METHOD) {
            let name = rest.split('\'').next().unwrap_or_default();
            let here = text.lines().nth(line).unwrap_or_default();
            return self.method_hint(name, rest.ends_with("string"), here, &roots);
        }
        if !message.contains("nil") && !message.contains(" is missing") {
            return String::new();
        }
        let looked_for = message.strip_prefix(INDEX).and_then(|rest| rest.split('\'').next());
        let lines = lines_around(text, line);
        let Some((own, others)) = lines.split_first() else { return String::new() };
        let here = chains(own);
        let told = here.iter().take(MOST).find_map(|chain| {
            self.missing(chain, &roots, looked_for).filter(|missing| missing.is_sure)
        });
        // The same statement, and what its names were given.
        let of_others = || {
            let words = names::words(own).take(MOST);
            let given = words.filter_map(|name| value_of(text, line, name));
            let rest = others.iter().copied().chain(given).flat_map(chains);
            rest.take(MOST).find_map(|chain| {
                self.missing(&chain, &roots, None)
                    .filter(|missing| missing.told.contains("did you mean"))
            })
        };
        told.or_else(of_others).map(|missing| missing.told).unwrap_or_default()
    }

    /// For a method that nobody has: of whom it was asked decides what may be meant.
    fn method_hint(&self, name: &str, is_string: bool, line: &str, roots: &Roots<'_>) -> String {
        if is_string {
            let all = globals_table(self.lua, "string").map(|table| keys(&table));
            return hint(name, all.iter().flatten().map(String::as_str));
        }
        let receiver = names::receiver(line, name).unwrap_or_default();
        let is_leg =
            roots.legs.contains(&receiver) || line.contains("legs[") || line.contains("legs.");
        match receiver {
            root if roots.call.contains(&root) && !self.is_flow => {
                "; handlers have no methods: they return actions, such as action.speak { text = … }"
                    .to_owned()
            }
            root if roots.call.contains(&root) => {
                hint(name, METHODS.iter().map(|method| method.name))
            }
            _ if is_leg => {
                let own = METHODS.iter().filter_map(|method| method.label.strip_prefix("leg:"));
                let hint = hint(name, own);
                let of_call = METHODS.iter().any(|method| method.name == name && hint.is_empty());
                if of_call { format!("; write call:{name} with the option `leg`") } else { hint }
            }
            _ => String::new(),
        }
    }

    /// What is missing in a chain of names such as `phone.prase` or `event.CallDetails.Legs`.
    /// `looked_for` is what was looked for in nothing, if that is what failed.
    fn missing(
        &self,
        chain: &Chain<'_>,
        roots: &Roots<'_>,
        looked_for: Option<&str>,
    ) -> Option<Missing> {
        let (root, names) = chain.split_first()?;
        // Where something was looked for in nothing, the nothing stands right before it.
        let is_it = |at: usize| {
            looked_for.is_none_or(|wanted| names.get(at + 1).is_none_or(|next| *next == wanted))
        };
        match *root {
            root if roots.call.contains(&root) => match names {
                ["legs", leg, rest @ ..] => {
                    let legs = self.event?.participants().filter_map(|leg| leg.tag());
                    let legs: Vec<String> = legs.map(str::to_ascii_uppercase).collect();
                    let known = legs.iter().map(String::as_str);
                    unknown("call.legs", leg, known).or_else(|| leg_field(rest))
                }
                [name, ..] => {
                    let methods = METHODS.iter().map(|method| method.name);
                    unknown("call", name, NAMES.into_iter().chain(methods))
                }
                [] => None,
            },
            root if roots.errors.contains(&root) => {
                unknown(root, names.first()?, ERROR_FIELDS.iter().copied())
            }
            root if roots.legs.contains(&root) => leg_field(names),
            "event" => self.of_event(names).filter(|(at, _)| is_it(*at)).map(|(_, told)| told),
            root if !roots.is_own(root) => self.of_library(root, names),
            _ => None,
        }
    }

    /// What an event does not have, and at which name.
    fn of_event(&self, names: &[&str]) -> Option<(usize, Missing)> {
        let mut fields = self.event?.document();
        let mut list: Option<&[Json]> = None;
        for (at, name) in names.iter().enumerate() {
            let found = match (list.take(), name.parse::<usize>()) {
                (Some(list), Ok(number)) => list.get(number.wrapping_sub(1))?,
                (Some(_), Err(_)) => return None,
                (None, _) => match fields.get(name) {
                    Some(found) => found,
                    None => {
                        let path = names.get(..=at)?.join(".");
                        let hint = hint(name, fields.keys());
                        let told = format!("; this event has no `event.{path}`{hint}");
                        return Some((at, Missing { told, is_sure: true }));
                    }
                },
            };
            match (found.as_object(), found.as_array()) {
                (Some(inner), _) => fields = inner,
                (_, Some(inner)) => list = Some(inner),
                _ => return None,
            }
        }
        None
    }

    /// What a library, or `config`, does not have.
    fn of_library(&self, root: &str, names: &[&str]) -> Option<Missing> {
        let mut table = globals_table(self.lua, root)?;
        for (at, name) in names.iter().enumerate() {
            match table.raw_get::<LuaValue>(*name).ok()? {
                LuaValue::Nil => {
                    let path = names.get(..=at)?.join(".");
                    let all = keys(&table);
                    let hint = hint(name, all.iter().map(String::as_str));
                    let is_config = root == "config";
                    let what = if is_config { "config.json has no" } else { "there is no" };
                    // Whether a key of config is wanted its author alone knows.
                    let is_sure = !is_config || !hint.is_empty();
                    let told = format!("; {what} `{root}.{path}`{hint}");
                    return Some(Missing { told, is_sure });
                }
                LuaValue::Table(inner) => table = inner,
                _ => return None,
            }
        }
        None
    }
}

/// A name that is none of a table's.
fn unknown<'a>(
    table: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<Missing> {
    if known.clone().any(|known| known == name) {
        return None;
    }
    let told = format!("; there is no `{table}.{name}`{}", hint(name, known));
    Some(Missing { told, is_sure: true })
}

fn leg_field(names: &[&str]) -> Option<Missing> {
    unknown("leg", names.first()?, LEG_NAMES.into_iter().chain(["hangup"]))
}

fn globals_table(lua: &Lua, name: &str) -> Option<Table> {
    match lua.globals().get::<LuaValue>(name).ok()? {
        LuaValue::Table(table) => Some(table),
        _ => None,
    }
}

fn keys(table: &Table) -> Vec<String> {
    let pairs = table.pairs::<LuaValue, LuaValue>().flatten();
    pairs.filter_map(|(key, _)| key.as_string().map(|key| key.to_string_lossy())).collect()
}
