//! What t does: the world of a test, and its calls.

use std::rc::Rc;
use std::sync::Arc;

use mlua::{Function, LuaSerdeExt as _, Value as LuaValue};
use moonring_engine::{lay_over, script_file, script_hint};
use moonring_exchange::{
    ActionError, Application, action_names, error_types, failure_message, is_action,
};
use moonring_sim::{Callees, InboundCall, Next, OutboundCall, Person, Pickup, PlayedCall, World};
use moonring_wire::hint;
use serde_json::{Map, Value};

use super::bindings::{Bindings, json, object, seconds};
use crate::clock::{at_ms, written};
use crate::outside::{capital, flat};
use crate::stage::{Mode, Stage};
use crate::test_call::{Seen, TestCall};

/// What a call may be described with.
const CALL: [&str; 4] = ["from", "to", "script", "sip_headers"];
/// And one that the script makes.
const OUTBOUND: [&str; 6] = ["from", "to", "script", "sip_headers", "arguments", "pickup"];

pub(super) fn fill(bindings: &mut Bindings<'_>) -> mlua::Result<()> {
    type Test = (LuaValue, LuaValue);
    bindings.add(
        "at",
        |_, stage, (_, _, at, zone): (LuaValue, LuaValue, String, Option<String>)| {
            before_calls(stage, "at")?;
            let mut state = stage.state.borrow_mut();
            let zone =
                zone.or_else(|| stage.suite.zone.clone()).unwrap_or_else(|| "UTC".to_owned());
            state.at_ms =
                at_ms(&at, Some(&zone), stage.suite.at_ms).map_err(|error| error.to_string())?;
            stage.set_clock(state.at_ms);
            Ok(())
        },
    )?;
    bindings.add("config", |lua, stage, (_, _, config): (LuaValue, LuaValue, LuaValue)| {
        before_calls(stage, "config")?;
        let config = object(lua, "config", config)?;
        lay_over(&mut stage.state.borrow_mut().config, &config);
        Ok(())
    })?;
    bindings.add("storage", |lua, stage, (_, _, stored): (LuaValue, LuaValue, LuaValue)| {
        let stored = object(lua, "storage", stored)?;
        stage.state.borrow().outside.store(stored);
        Ok(())
    })?;
    bindings.add("stored", |lua, stage, (_, _, key): (LuaValue, LuaValue, String)| {
        let state = stage.state.borrow();
        let stored = state.outside.simulated.stored(&key);
        let value = stored.map_or(Ok(LuaValue::Nil), |value| lua.to_value(&value));
        value.map_err(|error| error.to_string())
    })?;
    bindings.add("reply", |lua, stage, (pattern, reply): (String, LuaValue)| {
        let reply = json(lua, reply)?;
        let outside = Rc::clone(&stage.state.borrow().outside);
        outside.reply(&pattern, reply).map_err(|why| format!("reply `{pattern}`: {why}"))
    })?;
    bindings.add("reply_with", |_, stage, (pattern, reply): (String, Function)| {
        let outside = Rc::clone(&stage.state.borrow().outside);
        outside.reply_with(&pattern, reply).map_err(|why| format!("reply `{pattern}`: {why}"))
    })?;
    bindings.add(
        "asked",
        |lua, stage, (_, _, pattern): (LuaValue, LuaValue, Option<String>)| {
            let state = stage.state.borrow();
            let asked = state.outside.asked_like(pattern.as_deref().unwrap_or("*"));
            let asked: Vec<Value> = asked.iter().map(flat).collect();
            lua.to_value(&asked).map_err(|error| error.to_string())
        },
    )?;
    bindings.add(
        "fail",
        |_, stage, (_, _, action, error): (LuaValue, LuaValue, String, String)| {
            before_calls(stage, "fail")?;
            if !is_action(&action) {
                // As builders write it: `record_audio`.
                let camel: String = action.split('_').map(capital).collect();
                let near = hint(&camel, action_names());
                return Err(format!(
                    "fail: the service has no action `{action}`; wanted the type of one, such as Speak{near}"
                ));
            }
            let message = failure_message(&action, &error).ok_or_else(|| {
                let known = error_types().collect::<Vec<_>>();
                let hint = hint(&error, known.iter().copied());
                format!(
                    "fail: actions have no error type `{error}`; wanted one of {}{hint}",
                    known.join(", ")
                )
            })?;
            let failure = ActionError { error_type: error, message: message.to_owned() };
            stage.state.borrow_mut().faults.actions.insert(action, failure);
            Ok(())
        },
    )?;
    bindings.add("twice", |_, stage, _: Test| {
        before_calls(stage, "twice")?;
        stage.state.borrow_mut().faults.twice = true;
        Ok(())
    })?;
    bindings.add("late", |_, stage, (_, _, late): (LuaValue, LuaValue, f64)| {
        stage.state.borrow_mut().late = seconds("late", late)?;
        Ok(())
    })?;
    bindings.add("cold", |_, stage, _: Test| {
        let mut state = stage.state.borrow_mut();
        (state.mode, state.is_cold_only) = (Mode::Cold, true);
        Ok(())
    })?;
    bindings.add(
        "bot",
        |lua, stage, (_, _, arn, phrases): (LuaValue, LuaValue, String, LuaValue)| {
            before_calls(stage, "bot")?;
            let phrases = object(lua, "bot", phrases)?;
            let bot = crate::bots::bot(phrases.into_iter().collect())
                .map_err(|error| error.to_string())?;
            stage.state.borrow_mut().bots.insert(arn, bot);
            Ok(())
        },
    )?;
    bindings.add("skip", |_, stage, (_, _, reason): (LuaValue, LuaValue, Option<String>)| {
        let reason = reason.unwrap_or_else(|| "skipped".to_owned());
        stage.state.borrow_mut().skipped = Some(reason.clone());
        Err::<(), String>(reason)
    })?;
    bindings.add("call", |lua, stage, options: LuaValue| {
        let described = described(object(lua, "call", options)?, "call", &CALL)?;
        begin(stage, described, None)
    })?;
    bindings.add("outbound", |lua, stage, options: LuaValue| {
        let mut options = object(lua, "outbound", options)?;
        let arguments = match options.get("arguments") {
            Some(Value::Object(arguments)) => arguments.clone(),
            Some(Value::Array(list)) if list.is_empty() => Map::new(),
            None => Map::new(),
            Some(other) => {
                return Err(format!("outbound: arguments is {other}; wanted a table with names"));
            }
        };
        options.remove("arguments");
        let pickup = pickup("outbound", options.get("pickup"))?;
        let described = described(options, "outbound", &OUTBOUND)?;
        begin(stage, described, Some(Outgoing { arguments, pickup }))
    })?;
    bindings.add("update", |lua, stage, (id, arguments): (usize, LuaValue)| {
        let arguments = object(lua, "update", arguments)?;
        let mut state = stage.state.borrow_mut();
        state.catch_up();
        let now = state.now;
        let Some(call) = state.calls.get_mut(id) else { return Ok(()) };
        let mut words = vec![now.saturating_sub(call.began).as_secs_f64().to_string()];
        words.extend(arguments.iter().map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}={value}")
        }));
        match call.call.update(arguments) {
            true => {
                call.command.extend(["--update".to_owned(), words.join(" ")]);
                Ok(())
            }
            false => Err("the call cannot be updated: nobody is on the line".to_owned()),
        }
    })?;
    bindings.add("route", |lua, stage, (_, _, options): (LuaValue, LuaValue, LuaValue)| {
        let mut described = described(object(lua, "route", options)?, "route", &CALL)?;
        described.is_routed = true;
        route(stage, described)
    })
}

/// What the person does whom a call dials.
pub(super) fn pickup(word: &str, said: Option<&Value>) -> Result<Pickup, String> {
    let Some(said) = said else { return Ok(Pickup::default()) };
    said.as_str()
        .and_then(Pickup::of_word)
        .ok_or_else(|| format!("{word}: pickup is {said}; wanted answer, busy or never"))
}

/// A call as a spec describes it.
pub(super) struct Described {
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) script: Option<String>,
    pub(super) sip_headers: Map<String, Value>,
    /// Whether the routes say which script answers, whatever the spec is about.
    pub(super) is_routed: bool,
}

/// What only a call has that a script makes.
pub(super) struct Outgoing {
    pub(super) arguments: Map<String, Value>,
    pub(super) pickup: Pickup,
}

fn described(options: Map<String, Value>, word: &str, known: &[&str]) -> Result<Described, String> {
    if let Some(other) = options.keys().find(|key| !known.contains(&key.as_str())) {
        let hint = hint(other, known.iter().copied());
        return Err(format!("{word}: unknown key `{other}`; wanted {}{hint}", known.join(", ")));
    }
    let text = |key: &str| match options.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(format!("{word}: {key} is {other}; wanted a string")),
    };
    let sip_headers = match options.get("sip_headers") {
        Some(Value::Object(headers)) => headers.clone(),
        None => Map::new(),
        Some(other) => {
            return Err(format!("{word}: sip_headers is {other}; wanted a table with names"));
        }
    };
    Ok(Described {
        from: text("from")?,
        to: text("to")?,
        script: text("script")?,
        sip_headers,
        is_routed: false,
    })
}

/// A call begins. Its number is how the prelude names it.
pub(super) fn begin(
    stage: &Rc<Stage>,
    described: Described,
    out: Option<Outgoing>,
) -> Result<usize, String> {
    let call = made(stage, described, out)?;
    let mut state = stage.state.borrow_mut();
    state.calls.push(call);
    Ok(state.calls.len() - 1)
}

fn made(
    stage: &Rc<Stage>,
    described: Described,
    out: Option<Outgoing>,
) -> Result<TestCall, String> {
    let suite = &stage.suite;
    let mut state = stage.state.borrow_mut();
    let own = if described.is_routed { None } else { state.script.clone() };
    let script = described.script.or(own);
    if script.is_none() && !described.is_routed && !suite.has_routes {
        let spec = &state.file;
        // Such files are no part of a release.
        let why = if spec.contains(' ') {
            "names with spaces cannot be scripts"
        } else {
            "say it with script = \"…\""
        };
        return Err(format!(
            "there is no script of the name of {spec}, and no routes.lua that says which answers; {why}"
        ));
    }
    let files = || stage.files.iter().map(String::as_str);
    if let Some(script) = script.as_deref().filter(|script| script_file(script, files()).is_none())
    {
        return Err(format!("there is no script `{script}`{}", script_hint(script, files())));
    }
    let host = stage.hosts.host(&state.config, script.as_deref())?;
    // A call that the script makes goes the other way.
    let (from, to) = match out {
        None => (&suite.from, &suite.to),
        Some(_) => (&suite.to, &suite.from),
    };
    let from = described.from.unwrap_or_else(|| from.clone());
    let to = described.to.unwrap_or_else(|| to.clone());
    let began = state.now;
    let at_ms = state.at_ms + u64::try_from(began.as_millis()).unwrap_or(0);
    let seed = 1 + state.calls.len() as u64;
    let application = Arc::new(Application {
        id: "00000000-0000-4000-8000-000000000001".to_owned(),
        region: "us-east-1".to_owned(),
        lambda_arn: String::new(),
    });
    let world =
        World { faults: state.faults.clone(), bots: state.bots.clone(), ..World::default() };
    let world = Arc::new(world);
    // Whoever is called does what the test says once the telephone rings.
    let callees = Callees::all(Person::who(Pickup::Never));
    let mut command = vec!["moonring".to_owned(), "call".to_owned()];
    command.extend(script.clone());
    command.extend(suite.scripts_arguments.iter().cloned());
    let options = [("--from", from.clone()), ("--to", to.clone()), ("--at", written(at_ms))];
    command.extend(options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]));
    for (action, error) in &state.faults.actions {
        command.extend(["--fail".to_owned(), format!("{action}={}", error.error_type)]);
    }
    let sip_headers = described.sip_headers;
    for (name, value) in &sip_headers {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        command.extend(["--sip-header".to_owned(), format!("{name}={value}")]);
    }
    let call = match out {
        None => {
            let call = InboundCall {
                from,
                to,
                sip_headers,
                rule_id: Some("00000000-0000-4000-8000-000000000002".to_owned()),
                applications: vec![application],
                caller: Person::quiet(),
                callees,
                at_ms,
                seed,
            };
            PlayedCall::inbound(world, call)
        }
        Some(Outgoing { arguments, pickup }) => {
            command.push("--outbound".to_owned());
            for (name, value) in &arguments {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                command.extend(["--argument".to_owned(), format!("{name}={value}")]);
            }
            let called = Person::who(pickup);
            let call = OutboundCall {
                from,
                to,
                sip_headers,
                arguments,
                application,
                called,
                callees,
                at_ms,
                seed,
            };
            PlayedCall::outbound(world, call)
        }
    };
    state.catch_up();
    Ok(TestCall {
        call,
        began,
        host,
        script,
        command,
        keys: Vec::new(),
        callees: Vec::new(),
        log: Vec::new(),
        failures: Vec::new(),
        unanswered: Vec::new(),
        seen: Seen::default(),
        has_hung_up: false,
        acted: began,
    })
}

/// The script that routes lead a call to. It answers one event, of which nothing is kept.
fn route(stage: &Rc<Stage>, described: Described) -> Result<String, String> {
    let mut call = made(stage, described, None)?;
    let Next::Invoke(invocation) = call.call.go_on() else {
        return Err("the call brings no event".to_owned());
    };
    call.host.force(None);
    let outcome = stage.hosts.answer(&call.host, &invocation.event, invocation.now_ms);
    stage.hosts.forget_calls();
    outcome.script.ok_or_else(|| "no script answers such a call".to_owned())
}

/// What holds for whole calls is said before the first of them.
fn before_calls(stage: &Rc<Stage>, word: &str) -> Result<(), String> {
    match stage.state.borrow().calls.is_empty() {
        true => Ok(()),
        false => Err(format!("{word} comes before the first call: write t:{word}(…) above t:call")),
    }
}
