//! What `call` says of itself in a flow: what the event says that it began with in this process,
//! whenever a script looks. Each part is made when it is first looked at; a replay makes none that it
//! does not need.

use std::rc::Rc;

use mlua::{Error, Lua, Result, Table};
use moonring_flow::SipHeaders;
use serde_json::Map;

use super::Flow;
use super::begin::frozen;
use crate::call;
use crate::sandbox::unmetered;
use crate::vm::bindings::{CurrentEvent, EventContext};

/// The functions behind `call`.
pub(super) fn fill(
    lua: &Lua,
    host: &Table,
    list_mark: &Table,
    current: &Rc<CurrentEvent>,
) -> Result<()> {
    let (view, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "flow_fields",
        lua.create_function(move |lua, ()| {
            let facts = view.facts.borrow();
            let flow = flow_of(&facts)?;
            // Later events of a flow may leave the rule out.
            let (event, rule) = (&flow.began_with, flow.rule_id());
            unmetered(lua, || call::plain_fields(lua, &mark, event, &facts.release, rule))
        })?,
    )?;

    let (view, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "flow_first_leg",
        lua.create_function(move |lua, ()| {
            let facts = view.facts.borrow();
            unmetered(lua, || call::first_leg(lua, &mark, &flow_of(&facts)?.began_with))
        })?,
    )?;

    let (view, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "flow_arguments",
        lua.create_function(move |lua, keeps_part: Table| {
            let facts = view.facts.borrow();
            let (all, kept) = (facts.arguments.as_ref(), facts.kept_arguments.as_ref());
            let none = Map::new();
            let meta = kept.map(|_| keeps_part);
            frozen(lua, &mark, kept.or(all).unwrap_or(&none), meta)
        })?,
    )?;

    let (view, mark) = (Rc::clone(current), list_mark.clone());
    host.raw_set(
        "flow_headers",
        lua.create_function(move |lua, (any_case, keeps_part): (Table, Table)| {
            let facts = view.facts.borrow();
            let SipHeaders { kept, has_all } = match facts.flow.as_ref() {
                Some(flow) => SipHeaders::read(&flow.journal.headers),
                None => SipHeaders { kept: Map::new(), has_all: true },
            };
            frozen(lua, &mark, &kept, Some(if has_all { any_case } else { keeps_part }))
        })?,
    )
}

/// The flow at hand.
fn flow_of(facts: &EventContext) -> Result<&Flow> {
    facts.flow.as_deref().ok_or_else(|| Error::runtime("there is no flow"))
}
