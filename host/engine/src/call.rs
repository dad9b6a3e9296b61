//! `call`: the convenient view of what an event says of its call.

use mlua::{Either, Lua, Result, Table};
use moonring_wire::{Event, Object, Participant, Status};
use serde_json::{Map, Value};

use crate::convert::ToLua;

/// The read-only fields of `call` as handlers have it.
pub(crate) fn fields(
    lua: &Lua,
    list_mark: &Table,
    any_case: &Table,
    event: &Event,
    release: &str,
    arguments: Option<&Map<String, Value>>,
) -> Result<Table> {
    let shown = ToLua::read_only(lua, list_mark);
    let headers = event.first_leg().and_then(|leg| leg.sip_headers()).unwrap_or(Object::empty());
    // SIP header names are the same in any case.
    let headers = shown.document_with(headers, any_case.clone())?;
    let legs = event.participants().filter_map(|leg| Some((leg.tag()?.to_ascii_uppercase(), leg)));
    let legs: Vec<_> = legs.collect();
    let legs = legs
        .iter()
        .map(|(tag, leg)| (tag.as_str(), describe_leg(&shown, tag, status(leg.status()), *leg)));
    let legs = shown.table(legs)?;
    let arguments = shown.object(arguments.unwrap_or(&Map::new()))?;
    let tables = [("sip_headers", headers), ("arguments", arguments), ("legs", legs)];
    let tables = tables.map(|(name, table)| (name, Ok(Either::Right(Either::Left(table)))));
    with_plain(event, release, event.rule_id(), |plain| shown.table(plain.chain(tables)))
}

/// Those of them that are texts and numbers.
pub(crate) fn plain_fields(
    lua: &Lua,
    list_mark: &Table,
    event: &Event,
    release: &str,
    rule_id: Option<&str>,
) -> Result<Table> {
    let shown = ToLua::read_only(lua, list_mark);
    with_plain(event, release, rule_id, |plain| shown.table(plain))
}

/// The first leg as flows have it: it is there as long as the flow runs. Scripts may not have it
/// where the event does not say it.
pub(crate) fn first_leg(lua: &Lua, list_mark: &Table, event: &Event) -> Result<Option<Table>> {
    let is_first =
        |leg: &Participant<'_>| leg.tag().is_some_and(|tag| tag.eq_ignore_ascii_case(FIRST));
    let writable = ToLua::writable(lua, list_mark);
    let leg = event.participants().filter(is_first).last();
    leg.map(|leg| describe_leg(&writable, FIRST, Some("connected"), leg)).transpose()
}

/// Gives the fields that are texts and numbers to `make`.
fn with_plain<'e, T>(
    event: &'e Event,
    release: &'e str,
    rule_id: Option<&'e str>,
    make: impl FnOnce(std::array::IntoIter<(&'static str, Result<Field<'_>>), 10>) -> T,
) -> T {
    let first = event.first_leg();
    let direction = first.and_then(|leg| leg.direction()).map(str::to_ascii_lowercase);
    let started = first.and_then(|leg| leg.started_at_ms()).and_then(|ms| ms.parse::<f64>().ok());
    let text = |text| Ok(Field::Left(text));
    let plain = [
        ("id", text(event.call_id())),
        ("from", text(first.and_then(|leg| leg.from()))),
        ("to", text(first.and_then(|leg| leg.to()))),
        ("direction", text(direction.as_deref())),
        ("region", text(event.region())),
        ("account", text(event.account())),
        ("application_id", text(event.application_id())),
        ("rule_id", text(rule_id)),
        ("release", text(Some(release))),
        ("started_at", Ok(Either::Right(Either::Right(started.map(|ms| ms / 1000.0))))),
    ];
    make(plain.into_iter())
}

/// The names of all fields; `voice` is a flow's, and `attributes` are those of handlers.
pub(crate) const NAMES: [&str; 15] = [
    "id",
    "from",
    "to",
    "direction",
    "region",
    "account",
    "application_id",
    "rule_id",
    "release",
    "sip_headers",
    "arguments",
    "legs",
    "started_at",
    "voice",
    "attributes",
];

/// The names of the fields of a leg.
pub(crate) const LEG_NAMES: [&str; 6] = ["id", "from", "to", "status", "direction", "tag"];

/// The tag of the leg that a call begins with.
const FIRST: &str = "LEG-A";

/// What stands in a field: a text, a table or a number.
type Field<'a> = Either<Option<&'a str>, Either<Table, Option<f64>>>;

/// The attributes of the call, for the script to change.
pub(crate) fn attributes(lua: &Lua, list_mark: &Table, event: &Event) -> Result<Table> {
    let stored = event.attributes().unwrap_or(Object::empty()).iter();
    let own = stored.filter(|(name, _)| !is_reserved(name));
    ToLua::writable(lua, list_mark).fields(own)
}

/// Whether an attribute is the host's own; scripts do not see these.
pub(crate) fn is_reserved(name: &str) -> bool {
    name.starts_with("_mr")
}

fn status(status: Status) -> Option<&'static str> {
    match status {
        Status::Connected => Some("connected"),
        Status::Disconnected => Some("disconnected"),
        Status::Unsaid => None,
    }
}

fn describe_leg(
    shown: &ToLua<'_>,
    tag: &str,
    status: Option<&str>,
    leg: Participant<'_>,
) -> Result<Table> {
    let direction = leg.direction().map(str::to_ascii_lowercase);
    let fields = [
        ("id", leg.id()),
        ("from", leg.from()),
        ("to", leg.to()),
        ("status", status),
        ("direction", direction.as_deref()),
        ("tag", Some(tag)),
    ];
    shown.table(fields.into_iter().map(|(name, text)| (name, Ok(text))))
}
