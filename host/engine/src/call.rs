//! `call`: the convenient view of what an event says of its call.

use mlua::{Lua, Result, Table};
use moonring_wire::{Attributes, Event, Participant, Status};
use serde_json::{Map, Value, json};

use crate::convert::{freeze, object_to_lua};

/// The read-only fields of `call`.
pub(crate) fn fields(lua: &Lua, list_mark: &Table, any_case: &Table, event: &Event, release: &str) -> Result<Table> {
    let fields = object_to_lua(lua, list_mark, &describe(event, release))?;
    let headers: Table = fields.raw_get("sip_headers")?;
    headers.set_metatable(Some(any_case.clone()))?;
    freeze(&fields)?;
    Ok(fields)
}

/// The attributes of the call, for the script to change.
pub(crate) fn attributes(lua: &Lua, list_mark: &Table, event: &Event) -> Result<Table> {
    object_to_lua(lua, list_mark, event.attributes().unwrap_or(&Attributes::new()))
}

fn describe(event: &Event, release: &str) -> Map<String, Value> {
    let first = event.first_leg();
    let legs: Map<String, Value> =
        event.participants().filter_map(|leg| Some((leg.tag()?.to_ascii_uppercase(), describe_leg(leg)))).collect();
    let fields = json!({
        "id": event.call_id(),
        "from": first.and_then(Participant::from),
        "to": first.and_then(Participant::to),
        "direction": first.and_then(Participant::direction).map(str::to_ascii_lowercase),
        "region": event.region(),
        "account": event.account(),
        "application_id": event.application_id(),
        "rule_id": event.rule_id(),
        "sip_headers": first.and_then(Participant::sip_headers).cloned().unwrap_or_default(),
        // Only the first event of an outbound call carries them (rule 14).
        "arguments": event.action_parameter("Arguments").and_then(Value::as_object).cloned().unwrap_or_default(),
        "started_at": first.and_then(Participant::started_at_ms).and_then(|ms| ms.parse::<f64>().ok()).map(|ms| ms / 1000.0),
        "legs": legs,
        "release": release,
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn describe_leg(leg: Participant) -> Value {
    let status = match leg.status() {
        Status::Connected => Some("connected"),
        Status::Disconnected => Some("disconnected"),
        Status::Unsaid => None,
    };
    json!({
        "id": leg.id(),
        "tag": leg.tag().map(str::to_ascii_uppercase),
        "from": leg.from(),
        "to": leg.to(),
        "direction": leg.direction().map(str::to_ascii_lowercase),
        "status": status,
    })
}
