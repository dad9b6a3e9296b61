//! What tests want to know of a call, besides what is heard in it.

use std::rc::Rc;

use mlua::{Lua, LuaSerdeExt as _, Value as LuaValue};
use moonring_exchange::{Happened, Tag};
use moonring_runtime::{LogKind, LogLevel, LogRecord};
use serde_json::{Map, Value, json};

use super::bindings::{Bindings, PartyOf, object, stuck};
use crate::stage::Stage;
use crate::test_call::TestCall;

/// How a call may end.
const ENDS: [&str; 4] = ["script", "caller", "busy", "no_answer"];
/// What of a recording may be wanted.
const RECORDING: [&str; 5] = ["bucket", "key", "prefix", "seconds", "channels"];

pub(super) fn fill(bindings: &mut Bindings<'_>) -> mlua::Result<()> {
    bindings.add_party("ends", |_, stage, party, why: Option<String>| ends(stage, party, why))?;
    bindings.add_party("records", |lua, stage, party, wanted: LuaValue| {
        records(lua, stage, party, object(lua, "records", wanted)?)
    })?;
    bindings.add_party("attribute", |lua, stage, party, name: String| {
        let state = stage.state.borrow();
        let call = state.calls.get(party.call);
        let attributes = call
            .and_then(TestCall::last_answer)
            .and_then(|answer| answer.get("TransactionAttributes"));
        let value = attributes.and_then(|attributes| attributes.get(&name)).cloned();
        value.map_or(Ok(LuaValue::Nil), |value| given(lua, value))
    })?;
    bindings.add_party(
        "logs",
        |lua, stage, party, (level, text, fields): (String, Option<String>, LuaValue)| {
            let wanted = LogLevel::from_name(&level).ok_or_else(|| {
                format!("logs got `{level}`; wanted a level first: debug, info, warn or error")
            })?;
            let (text, fields) = (text.unwrap_or_default(), object(lua, "logs", fields)?);
            let is_it = |record: &LogRecord| {
                record.kind.is_line()
                    && record.level == wanted
                    && record.message.contains(&text)
                    && has(&record.fields, &fields)
            };
            let logged = stage.wait(party.call, |call| call.log.iter().any(is_it).then_some(()));
            logged.map_err(|why| {
                let told = told(stage, party.call, LogKind::Text, |record| {
                    format!(
                        "it logged {}: {}{}",
                        record.level.name(),
                        record.message,
                        written(&record.fields)
                    )
                });
                let fields = written(&Value::Object(fields.clone()));
                format!(
                    "{}{told}",
                    stuck(&format!("wanted the log line {level}: “{text}”{fields}"), why)
                )
            })
        },
    )?;
    bindings.add_party("has_metric", |lua, stage, party, (name, fields): (String, LuaValue)| {
        let fields = object(lua, "has_metric", fields)?;
        let is_it = |record: &LogRecord| {
            record.kind == LogKind::Metric
                && metric_name(record) == Some(name.as_str())
                && has(&record.fields, &fields)
        };
        let counted = stage.wait(party.call, |call| call.log.iter().any(is_it).then_some(()));
        counted.map_err(|why| {
            let told = told(stage, party.call, LogKind::Metric, |record| {
                let mut fields = record.fields.clone();
                if let Some(fields) = fields.as_object_mut() {
                    fields.remove("_aws");
                }
                format!("it counted {}", metric_name(record).unwrap_or_default())
                    + &written(&fields)
            });
            format!("{}{told}", stuck(&format!("wanted the metric {name}"), why))
        })
    })?;
    bindings.add_party("fails", |_, stage, party, text: Option<String>| {
        fails(stage, party.call, text)
    })?;
    bindings.add_party("story", |lua, stage, party, name: Option<String>| {
        story(lua, stage, party, name)
    })
}

/// A leg ends, and the test has named everything before.
fn ends(stage: &Stage, party: PartyOf, why: Option<String>) -> Result<(), String> {
    if let Some(other) = why.as_deref().filter(|why| !ENDS.contains(why)) {
        return Err(format!("ends got `{other}`; wanted one of {}", ENDS.join(", ")));
    }
    let wanted = "wanted the call to end";
    let code = stage.wait(party.call, |call| call.ended(party.tag));
    let code = code.map_err(|why| stuck(wanted, why))?;
    // The script hears of it too.
    let now = stage.state.borrow().now;
    stage.pass_until(now);
    stage.check().map_err(|why| stuck(wanted, why))?;
    let state = stage.state.borrow();
    let Some(call) = state.calls.get(party.call) else { return Ok(()) };
    if let Some((heard, _)) = call.next_heard(party.tag) {
        return Err(format!(
            "{wanted}\n  before that, this is heard and the test does not name it: {}",
            heard.told()
        ));
    }
    let unnamed = call.find(call.seen.rings, |happened| match happened {
        Happened::Rings { leg: Tag::B, to, .. } => Some(to.clone()),
        _ => None,
    });
    if let Some((to, _)) = unnamed.filter(|_| party.tag == Tag::A) {
        return Err(format!(
            "{wanted}\n  before that, a phone rings and the test does not name it: {to}"
        ));
    }
    let ended = match code {
        486 => "busy",
        480 => "no_answer",
        _ if call.has_hung_up => "caller",
        _ => "script",
    };
    // Who ends the leg of a callee is not told; that nobody answered is.
    let is_told = |way: &str| party.tag == Tag::A || ["busy", "no_answer"].contains(&way);
    match why.filter(|why| why != ended && (is_told(why) || is_told(ended))) {
        Some(why) => Err(format!("{wanted} by {why}; it ended by {ended}")),
        None => Ok(()),
    }
}

/// A recording is delivered.
fn records(
    lua: &Lua,
    stage: &Stage,
    party: PartyOf,
    wanted: Map<String, Value>,
) -> Result<LuaValue, String> {
    let mut wanted = wanted;
    if let Some(other) = wanted.keys().find(|key| !RECORDING.contains(&key.as_str())) {
        return Err(format!("records: unknown key `{other}`; wanted {}", RECORDING.join(", ")));
    }
    let recorded = stage.wait(party.call, |call| {
        let found = call.find(call.seen.records, |happened| match happened {
            Happened::Records { file, lasts, channels, .. } => {
                let (bucket, key) = file.split_once('/').unwrap_or((file, ""));
                let seconds = lasts.as_secs_f64();
                Some(json!({
                    "bucket": bucket, "key": key, "seconds": seconds, "channels": channels,
                }))
            }
            _ => None,
        });
        let (recorded, behind) = found?;
        call.seen.records = behind;
        Some(recorded)
    });
    let recorded = recorded.map_err(|why| stuck("wanted a recording", why))?;
    let key = recorded["key"].as_str().unwrap_or_default();
    if let Some(prefix) = wanted.remove("prefix") {
        let Some(prefix) = prefix.as_str() else {
            return Err(format!("records: prefix is {prefix}; wanted a string"));
        };
        if !key.starts_with(prefix) {
            return Err(format!("records: wanted a key that begins with {prefix}; it is {key}"));
        }
    }
    fits("records", &wanted, recorded.as_object().unwrap_or(&Map::new()))?;
    given(lua, recorded)
}

/// The story of a call, or whether it is the one that is kept.
fn story(
    lua: &Lua,
    stage: &Stage,
    party: PartyOf,
    name: Option<String>,
) -> Result<LuaValue, String> {
    let mut state = stage.state.borrow_mut();
    let call = state.calls.get(party.call).ok_or("there is no such call")?;
    let story = call.story().join("\n") + "\n";
    let Some(name) = name else { return given(lua, Value::String(story)) };
    let path = state.snapshot_path(&name)?;
    let kept = stage.suite.snapshots.get(&path);
    if stage.suite.updates || kept == Some(&story) {
        state.snapshots.insert(path, story);
        return Ok(LuaValue::Nil);
    }
    let Some(kept) = kept else {
        return Err(format!(
            "there is no story {name} in __snapshots__ yet; write it with --update"
        ));
    };
    let differs = kept.lines().zip(story.lines()).position(|(one, other)| one != other);
    let at = differs.unwrap_or_else(|| kept.lines().count().min(story.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("nothing more").to_owned();
    Err(format!(
        "the story differs from __snapshots__/{name}.txt at line {}\n  wanted {}\n  got    {}\n  if it is meant so, write it anew with --update",
        at + 1,
        line(kept),
        line(&story)
    ))
}

/// What a call has logged of a kind, a line each.
fn told(
    stage: &Rc<Stage>,
    id: usize,
    kind: LogKind,
    tell: impl Fn(&LogRecord) -> String,
) -> String {
    let state = stage.state.borrow();
    let records = state.calls.get(id).map(|call| call.log.as_slice()).unwrap_or_default();
    let own = records.iter().filter(|record| record.kind == kind);
    own.map(|record| format!("\n  {}", tell(record))).collect()
}

/// Whether a record has these fields.
fn has(fields: &Value, wanted: &Map<String, Value>) -> bool {
    wanted.iter().all(|(name, value)| is_same(fields.get(name), value))
}

/// Whether something is there and the same; 1 and 1.0 are.
fn is_same(found: Option<&Value>, wanted: &Value) -> bool {
    found == Some(wanted)
        || found.and_then(Value::as_f64).is_some_and(|number| wanted.as_f64() == Some(number))
}

fn written(fields: &Value) -> String {
    match fields.as_object() {
        Some(fields) if !fields.is_empty() => format!(" {}", Value::Object(fields.clone())),
        _ => String::new(),
    }
}

fn metric_name(record: &LogRecord) -> Option<&str> {
    record.fields.pointer("/_aws/CloudWatchMetrics/0/Metrics/0/Name")?.as_str()
}

/// The script fails, as the test wants it to.
fn fails(stage: &Rc<Stage>, id: usize, text: Option<String>) -> Result<(), String> {
    let take = |call: &mut TestCall| match call.failures.is_empty() {
        true => None,
        false => Some(call.failures.remove(0)),
    };
    let failure = stage
        .wait_whatever_fails(id, take)
        .map_err(|why| stuck("wanted the script to fail", why))?;
    match text.filter(|text| !failure.contains(text.as_str())) {
        Some(text) => {
            Err(format!("wanted the script to fail with “{text}”\n  it failed with {failure}"))
        }
        None => Ok(()),
    }
}

/// Whether everything that is wanted is there.
pub(super) fn fits(
    word: &str,
    wanted: &Map<String, Value>,
    there: &Map<String, Value>,
) -> Result<(), String> {
    for (name, value) in wanted {
        let found = there.get(name);
        if !is_same(found, value) {
            let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
            return Err(format!("{word}: wanted {name} = {value}; got {found}"));
        }
    }
    Ok(())
}

pub(super) fn given(lua: &Lua, value: Value) -> Result<LuaValue, String> {
    lua.to_value(&value).map_err(|error| error.to_string())
}
