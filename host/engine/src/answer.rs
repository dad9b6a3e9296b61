//! From what a handler returned to the answer that is sent.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use mlua::{Table, Value as LuaValue};
use moonring_flow::{Place, truncate};
use moonring_wire::{Action, Answer, Attributes, Event, EventType};
use serde_json::Value;

use crate::call::is_reserved;
use crate::convert::{Unsayable, describe, from_lua, text_of};
use crate::limits::Limits;
use crate::vm::run_result::ActionOrigin;

/// The most actions of one answer (rule 18).
const ACTIONS: usize = 10;

/// Tables of actions, the actions in the form they are sent, and where they were built.
type Recent = VecDeque<(Table, Action, Option<Place>)>;

/// The two marks by which the host knows tables it made.
#[derive(Clone)]
pub(crate) struct Marks {
    /// The metatable of lists that may be empty.
    pub(crate) list: Table,
    /// The metatable of actions: only builders give it, so what bears it has been checked.
    pub(crate) action: Table,
    /// What was built last, in the form it is sent: an action need not be read back from its table.
    pub(crate) recent: Rc<RefCell<Recent>>,
    /// Where the actions of the answer were built, in their order.
    pub(crate) origins: Rc<RefCell<Vec<ActionOrigin>>>,
}

/// How many actions are remembered. An answer has ten; a script that builds without end is
/// remembered no further.
const REMEMBERED: usize = 16;

impl Marks {
    /// Remembers what a table was made from, as long as the event lasts.
    pub(crate) fn remember(&self, table: &Table, action: Action, place: Option<Place>) {
        let mut recent = self.recent.borrow_mut();
        if recent.len() == REMEMBERED {
            recent.pop_front();
        }
        recent.push_back((table.clone(), action, place));
    }

    /// Forgets all that was built.
    pub(crate) fn forget(&self) {
        self.recent.borrow_mut().clear();
        self.origins.borrow_mut().clear();
    }
}

/// The answer to an event.
///
/// # Errors
/// What came and what was wanted, for the author.
pub(crate) fn answer(
    event: &Event,
    returned: &LuaValue,
    call: &Table,
    marks: &Marks,
    limits: Limits,
) -> Result<Answer, Unsayable> {
    let mut answer = Answer::keep(Some(event));
    answer.actions = actions(returned, marks)?;
    if event.event_type() == EventType::NewInboundCall
        && answer.actions.as_ref().is_none_or(Vec::is_empty)
    {
        let text = "the handler of new_inbound_call returned no action: the caller would hear nothing; return at least one";
        return Err(Unsayable::Refused(text.to_owned()));
    }
    answer.transaction_attributes =
        changed_attributes(event, &call.raw_get("attributes")?, limits)?;
    Ok(answer)
}

fn actions(returned: &LuaValue, marks: &Marks) -> Result<Option<Vec<Action>>, Unsayable> {
    const WANTED: &str = "wanted an action (action.speak { … }), a list of actions, or nil";
    let refuse = |came: String| Unsayable::Refused(format!("{came}; {WANTED}"));
    let table = match returned {
        LuaValue::Nil => return Ok(None),
        LuaValue::Table(table) => table,
        other => return Err(refuse(format!("the handler returned {}", describe(other)))),
    };
    if is_action(table, marks) {
        return Ok(Some(vec![action(table, marks)?]));
    }
    let length = table.raw_len();
    if length > ACTIONS {
        return Err(Unsayable::Refused(format!(
            "the handler returned {length} actions; the service takes at most {ACTIONS}"
        )));
    }
    let mut actions = Vec::with_capacity(length);
    for pair in table.pairs::<LuaValue, LuaValue>() {
        let (key, value) = pair?;
        match (&key, &value) {
            (LuaValue::Integer(_) | LuaValue::Number(_), LuaValue::Table(item))
                if is_action(item, marks) =>
            {
                actions.push(action(item, marks)?);
            }
            (LuaValue::String(name), _)
                if matches!(name.to_string_lossy().as_str(), "Type" | "Parameters") =>
            {
                let text = "the handler returned a table that was not made by a builder; write action.raw { Type = …, Parameters = … }";
                return Err(Unsayable::Refused(text.to_owned()));
            }
            (key, value) => {
                let came = format!(
                    "the handler returned a list whose item {} is {}",
                    describe(key),
                    describe(value)
                );
                return Err(refuse(came));
            }
        }
    }
    if actions.len() == length {
        Ok(Some(actions))
    } else {
        Err(refuse("the handler returned a list with gaps".to_owned()))
    }
}

fn is_action(table: &Table, marks: &Marks) -> bool {
    table.metatable().is_some_and(|found| found == marks.action)
}

fn action(table: &Table, marks: &Marks) -> Result<Action, Unsayable> {
    // Actions are read-only: what was built is what is there. It is taken along, not copied; one
    // that an answer has twice is read back from its table the second time.
    let (action, place) = taken(table, marks)?;
    marks
        .origins
        .borrow_mut()
        .push(ActionOrigin { action_type: action.action_type.clone(), place });
    Ok(action)
}

/// The action that a table is, and where it was built; `None` where no builder made it.
pub(crate) fn given_action(
    table: &Table,
    marks: &Marks,
) -> Option<Result<(Action, Option<Place>), Unsayable>> {
    is_action(table, marks).then(|| taken(table, marks))
}

fn taken(table: &Table, marks: &Marks) -> Result<(Action, Option<Place>), Unsayable> {
    let mut recent = marks.recent.borrow_mut();
    let index = recent.iter().position(|(known, ..)| known == table);
    if let Some((_, action, place)) = index.and_then(|index| recent.remove(index)) {
        return Ok((action, place));
    }
    let action_type: String = table.raw_get("Type")?;
    match from_lua(&table.raw_get("Parameters")?, &marks.list, &action_type)? {
        Value::Object(parameters) => Ok((Action::new(action_type, parameters), None)),
        _ => Err(Unsayable::Refused(format!("{action_type}: the parameters are not a table"))),
    }
}

/// The attributes to store: `None` where they are what the service already has.
fn changed_attributes(
    event: &Event,
    attributes: &LuaValue,
    limits: Limits,
) -> Result<Option<Attributes>, Unsayable> {
    let mut changed = Attributes::new();
    // What the event brought may go back as it came, be it ever so much.
    let came_with = |key: &str, value: &str| {
        event.attributes().and_then(|stored| stored.get(key)?.as_str()) == Some(value)
    };
    let stored = event
        .attributes()
        .map_or(0, |stored| stored.keys().filter(|key| !is_reserved(key)).count());
    let most = limits.attributes.max(stored);
    match attributes {
        LuaValue::Nil => {}
        LuaValue::Table(table) => {
            for pair in table.pairs::<LuaValue, LuaValue>() {
                let (key, value) = pair?;
                let LuaValue::String(_) = key else {
                    let text = format!(
                        "call.attributes: the key {} is not a string; wanted strings as keys and values",
                        describe(&key)
                    );
                    return Err(Unsayable::Refused(text));
                };
                let key = text_of(&key).ok_or_else(|| {
                    Unsayable::Refused("call.attributes: a key is not valid UTF-8".to_owned())
                })?;
                if is_reserved(&key) {
                    if text_of(&value).is_some_and(|value| came_with(&key, &value)) {
                        continue;
                    }
                    let text = format!(
                        "call.attributes.{}: names that begin with _mr are reserved for the host",
                        truncate(&key, 40)
                    );
                    return Err(Unsayable::Refused(text));
                }
                let value = text_of(&value).ok_or_else(|| {
                    let text = format!(
                        "call.attributes.{key} is {}; wanted a string; use json.encode for a table",
                        describe(&value)
                    );
                    Unsayable::Refused(text)
                })?;
                if changed.len() == most {
                    let text = format!(
                        "call.attributes has more than {} pairs; the service keeps no more, and the host needs one itself",
                        limits.attributes
                    );
                    return Err(Unsayable::Refused(text));
                }
                for (what, text) in [("the key", &key), ("its value", &value)] {
                    // Bytes first: characters of a long text take long to count.
                    let most = limits.attribute_chars;
                    if text.len() > 4 * most || text.chars().count() > most {
                        let text = format!(
                            "call.attributes.{}: {what} has more than {most} characters",
                            truncate(&key, 40)
                        );
                        return Err(Unsayable::Refused(text));
                    }
                }
                changed.insert(key, Value::String(value));
            }
        }
        other => {
            return Err(Unsayable::Refused(format!(
                "call.attributes is {}; wanted a table of strings",
                describe(other)
            )));
        }
    }
    let is_same = match event.attributes() {
        Some(stored) => {
            let own: Vec<_> = stored.iter().filter(|(key, _)| !is_reserved(key)).collect();
            own.len() == changed.len()
                && own.iter().all(|(key, value)| {
                    changed.get(*key).is_some_and(|now| now.as_str() == value.as_str())
                })
        }
        None => changed.is_empty(),
    };
    Ok((!is_same).then_some(changed))
}
