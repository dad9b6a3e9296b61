//! `call`: the convenient view of what an event says of its call.

use mlua::{Lua, Result, Table};
use moonring_wire::{Attributes, Event, Participant, Status};
use serde_json::{Map, Value};

use crate::convert::{freeze, object_to_lua};

/// The read-only fields of `call`.
pub(crate) fn fields(
    lua: &Lua,
    list_mark: &Table,
    any_case: &Table,
    event: &Event,
    release: &str,
    arguments: Option<&Map<String, Value>>,
    rule_id: Option<&str>,
) -> Result<Table> {
    let first = event.first_leg();
    let map = |map: Option<&Map<String, Value>>| {
        object_to_lua(lua, list_mark, map.unwrap_or(&Map::new()))
    };
    let fields = lua.create_table_with_capacity(0, 13)?;
    set(&fields, "id", event.call_id())?;
    set(&fields, "from", first.and_then(Participant::from))?;
    set(&fields, "to", first.and_then(Participant::to))?;
    set_lower(&fields, "direction", first.and_then(Participant::direction))?;
    set(&fields, "region", event.region())?;
    set(&fields, "account", event.account())?;
    set(&fields, "application_id", event.application_id())?;
    set(&fields, "rule_id", rule_id)?;
    set(&fields, "release", Some(release))?;
    let headers = map(first.and_then(Participant::sip_headers))?;
    headers.set_metatable(Some(any_case.clone()))?;
    fields.raw_set("sip_headers", headers)?;
    fields.raw_set("arguments", map(arguments)?)?;
    if let Some(ms) =
        first.and_then(Participant::started_at_ms).and_then(|ms| ms.parse::<f64>().ok())
    {
        fields.raw_set("started_at", ms / 1000.0)?;
    }
    let legs = lua.create_table_with_capacity(0, 2)?;
    for leg in event.participants() {
        if let Some(tag) = leg.tag() {
            legs.raw_set(tag.to_ascii_uppercase(), describe_leg(lua, leg)?)?;
        }
    }
    fields.raw_set("legs", legs)?;
    freeze(&fields)?;
    Ok(fields)
}

/// The attributes of the call, for the script to change.
pub(crate) fn attributes(lua: &Lua, list_mark: &Table, event: &Event) -> Result<Table> {
    match event.attributes() {
        Some(stored) if stored.keys().any(|name| is_reserved(name)) => {
            let own = stored.iter().filter(|(name, _)| !is_reserved(name));
            object_to_lua(
                lua,
                list_mark,
                &own.map(|(name, text)| (name.clone(), text.clone())).collect(),
            )
        }
        Some(stored) => object_to_lua(lua, list_mark, stored),
        None => object_to_lua(lua, list_mark, &Attributes::new()),
    }
}

/// Whether an attribute is the host's own; scripts do not see these.
pub(crate) fn is_reserved(name: &str) -> bool {
    name.starts_with("_mr")
}

fn describe_leg(lua: &Lua, leg: Participant) -> Result<Table> {
    let status = match leg.status() {
        Status::Connected => Some("connected"),
        Status::Disconnected => Some("disconnected"),
        Status::Unsaid => None,
    };
    let table = lua.create_table_with_capacity(0, 6)?;
    set(&table, "id", leg.id())?;
    set(&table, "from", leg.from())?;
    set(&table, "to", leg.to())?;
    set(&table, "status", status)?;
    set_lower(&table, "direction", leg.direction())?;
    if let Some(tag) = leg.tag() {
        table.raw_set("tag", tag.to_ascii_uppercase())?;
    }
    Ok(table)
}

fn set(table: &Table, key: &str, value: Option<&str>) -> Result<()> {
    value.map_or(Ok(()), |value| table.raw_set(key, value))
}

fn set_lower(table: &Table, key: &str, value: Option<&str>) -> Result<()> {
    value.map_or(Ok(()), |value| table.raw_set(key, value.to_ascii_lowercase()))
}
