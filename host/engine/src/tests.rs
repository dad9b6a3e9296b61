//! The engine as its caller sees it: releases of a few lines, real events, steps and errors.

use moonring_wire::Event;
use serde_json::{Map, Value, json};

use crate::*;

const NEW_INBOUND_CALL: &str = include_str!("../../../tests/events/NEW_INBOUND_CALL-none-basic.json");

fn load(files: &[(&str, &str)], kill: &KillWord, limits: Limits) -> Program {
    let files = files.iter().map(|(name, text)| (*name, text.as_bytes()));
    let compiled = Compiled::new(files, &Map::new()).unwrap();
    Program::load(&compiled, kill.clone(), limits).unwrap()
}

fn event(text: &str) -> Event {
    Event::parse(text.as_bytes()).unwrap()
}

fn start(program: &Program, number: u64, event: &Event) -> Turn {
    program.start(Input { number, event, script: "main", release: "r1", now_seconds: 1_718_036_406 })
}

/// The answer of `main.lua` to a new call, or its error.
fn ask(files: &[(&str, &str)]) -> Result<Value, String> {
    let program = load(files, &KillWord::default(), Limits::default());
    read(start(&program, 1, &event(NEW_INBOUND_CALL)))
}

fn read(turn: Turn) -> Result<Value, String> {
    match turn.result.map_err(|error| error.to_string())? {
        Step::Answer(answer) => Ok(serde_json::to_value(answer).unwrap()),
        Step::Requests(_) => panic!("it asked for something"),
    }
}

fn handler(body: &str) -> String {
    format!("return {{ new_inbound_call = function(event, call)\n{body}\nend }}")
}

#[test]
fn a_handlers_actions_are_the_answer() {
    let script = handler("return { action.speak { text = 'Hello ' .. call.from }, action.hangup {} }");
    let answer = ask(&[("main.lua", &script)]).unwrap();
    assert_eq!(
        answer,
        json!({"SchemaVersion": "1.0", "Actions": [
            {"Type": "Speak", "Parameters": {"CallId": "db0e2136-2587-4398-87a8-e81dc3aa6c08", "Text": "Hello +12065550142"}},
            {"Type": "Hangup", "Parameters": {}},
        ]})
    );
}

#[test]
fn an_error_is_told_with_file_line_and_trace() {
    let files = [
        ("main.lua", "local a = require('./a/b')\nreturn { default = function() a() end }"),
        ("a/b.lua", "return function()\n  local x = nil\n  return x.y\nend"),
    ];
    let program = load(&files, &KillWord::default(), Limits::default());
    let error = start(&program, 1, &event(NEW_INBOUND_CALL)).result.unwrap_err();
    assert_eq!(error.to_string(), "a/b.lua:3: attempt to index nil with 'y'");
    assert_eq!(error.trace(), ["a/b.lua:3: in function <a/b.lua:1>", "main.lua:2: in function 'default'"]);
}

#[test]
fn misuse_of_a_builder_raises_at_the_authors_line_and_can_be_caught() {
    assert_eq!(
        ask(&[("main.lua", &handler("local x = 1\nreturn action.speak { txt = 'hi' }"))]).unwrap_err(),
        "main.lua:3: action.speak: there is no key `txt`; did you mean `text`?\n  keys: call_id, participant_tag, text, engine, language_code, text_type, voice_id"
    );
    let caught = handler(
        "local ok, message = pcall(action.pause, { duration_in_milliseconds = 0 })\nreturn action.speak { text = type(message) .. ' ' .. message }",
    );
    let answer = ask(&[("main.lua", &caught)]).unwrap();
    assert_eq!(
        answer["Actions"][0]["Parameters"]["Text"],
        "string action.pause: `duration_in_milliseconds` is 0; wanted a whole number of 1 or more, or the same as text"
    );
}

#[test]
fn every_case_of_every_action_gives_its_parameters_or_its_message() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/actions");
    let mut actions = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let folder = entry.unwrap().path();
        actions.insert(folder.file_name().unwrap().to_str().unwrap().to_owned());
        let cases = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        for case in cases.filter(|path| path.extension().is_some_and(|ending| ending == "lua")) {
            let text = std::fs::read_to_string(&case).unwrap();
            let script = format!("return {{ new_inbound_call = function() return {text} end }}");
            let outcome = match ask(&[("main.lua", &script)]) {
                Ok(answer) => serde_json::to_string_pretty(&answer["Actions"][0]).unwrap(),
                Err(message) => message.strip_prefix("main.lua:1: ").unwrap().to_owned(),
            };
            expect_test::expect_file![case.with_extension("out")].assert_eq(&format!("{outcome}\n"));
        }
    }
    for (name, _) in moonring_wire::Action::schemas() {
        let name = crate::shape::snake_case(name);
        assert!(actions.contains(&name), "tests/actions/{name} is missing");
    }
}

#[test]
fn what_one_event_leaves_behind_the_next_does_not_see() {
    let script = "local count = 0\nlocal helper = require('./helper')\nreturn { default = function(event, call)\n  count += 1\n  helper.count += 1\n  return action.speak { text = `{count} {helper.count}` }\nend }";
    let files = [("main.lua", script), ("helper.lua", "return { count = 0 }")];
    let program = load(&files, &KillWord::default(), Limits::default());
    let event = event(NEW_INBOUND_CALL);
    for number in 1..4 {
        let answer = read(start(&program, number, &event)).unwrap();
        assert_eq!(answer["Actions"][0]["Parameters"]["Text"], "1 1");
    }
}

#[test]
fn a_module_is_one_within_an_event() {
    let files = [
        (
            "main.lua",
            "local a, b = require('./a'), require('./b')\nreturn { default = function() return action.speak { text = tostring(a == b.a) } end }",
        ),
        ("a.lua", "return {}"),
        ("b.lua", "return { a = require('./a') }"),
    ];
    assert_eq!(ask(&files).unwrap()["Actions"][0]["Parameters"]["Text"], "true");
}

#[test]
fn requires_that_go_in_a_circle_are_named() {
    let files = [
        ("main.lua", "return require('./a')"),
        ("a.lua", "return require('./b')"),
        ("b.lua", "\nreturn require('./a')"),
    ];
    assert_eq!(
        ask(&files).unwrap_err(),
        "b.lua:2: require(\"./a\"): the files require each other: main.lua -> a.lua -> b.lua -> a.lua"
    );
}

#[test]
fn globals_cannot_be_written_and_libraries_cannot_be_changed() {
    for (body, message) in [
        ("x = 1", "main.lua:2: there are no global variables; write \"local x = …\""),
        ("string.format = nil", "main.lua:2: attempt to modify a readonly table"),
        ("require = nil", "main.lua:2: attempt to modify a readonly table"),
        ("getmetatable('').__index = nil", "main.lua:2: attempt to modify a readonly table"),
        ("event.Sequence = 2", "main.lua:2: attempt to modify a readonly table"),
        ("call.from = 'x'", "main.lua:2: call.from cannot be set; what a call keeps is in call.attributes"),
        ("config.x = 1", "main.lua:2: attempt to modify a readonly table"),
        ("action.speak = 1", "main.lua:2: attempt to modify a readonly table"),
        ("action.speek {}", "main.lua:2: action.speek: there is no such action; did you mean `speak`?"),
        ("coroutine.yield(1)", "main.lua:2: coroutine.yield: there is no coroutine of yours to yield from"),
        ("error(nil)", "main.lua:2: the script raised nil; raise a text that says what is wrong"),
        ("error({ code = 1 })", "main.lua:2: the script raised a table; raise a text that says what is wrong"),
        ("error(function() end)", "main.lua:2: the script raised a function; raise a text that says what is wrong"),
    ] {
        assert_eq!(ask(&[("main.lua", &handler(body))]), Err(message.to_owned()), "{body}");
    }
    for name in [
        "getfenv",
        "setfenv",
        "loadstring",
        "load",
        "newproxy",
        "collectgarbage",
        "io",
        "package",
        "dofile",
        "os.exit",
        "os.getenv",
        "os.clock",
        "string.dump",
        "debug.getregistry",
    ] {
        let body = format!("return action.speak {{ text = tostring({name}) }}");
        assert_eq!(ask(&[("main.lua", &handler(&body))]).unwrap()["Actions"][0]["Parameters"]["Text"], "nil", "{name}");
    }
}

#[test]
fn a_script_is_stopped_by_the_kill_word_even_where_it_catches_the_stop() {
    for body in [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "pcall(function() while true do end end) return action.hangup {}",
        "return coroutine.wrap(function() while true do end end)()",
        "return string.find(string.rep('a', 30000), '.-.-.-.-b')",
    ] {
        let kill = KillWord::default();
        let program = load(&[("main.lua", &handler(body))], &kill, Limits::default());
        let event = event(NEW_INBOUND_CALL);
        let watchdog = std::thread::spawn({
            let kill = kill.clone();
            // Late or early, the stop holds for event 7: stored before it starts, it ends it at its first tick.
            move || kill.kill(7)
        });
        watchdog.join().unwrap();
        let error = start(&program, 7, &event).result.unwrap_err();
        assert!(matches!(error, Error::Deadline { .. }), "{body}: {error}");
        // The next event is not the one that was stopped.
        let next = load(&[("main.lua", &handler("return action.hangup {}"))], &kill, Limits::default());
        assert!(start(&next, 8, &event).result.is_ok());
    }
}

#[test]
fn a_memory_bomb_is_named_and_spends_the_program() {
    for body in [
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "return #string.rep('x', 1e9)",
        "local s = 'x' while true do s = s .. s end",
    ] {
        let limits = Limits { memory_bytes: 8 * 1024 * 1024, ..Limits::default() };
        let program = load(&[("main.lua", &handler(body))], &KillWord::default(), limits);
        let error = start(&program, 1, &event(NEW_INBOUND_CALL)).result.unwrap_err();
        assert!(matches!(error, Error::Memory { .. }), "{body}: {error:?}");
        assert!(error.to_string().ends_with("the script used more memory than its limit of 8 MiB"), "{error}");
        assert!(program.is_spent());
    }
}

#[test]
fn garbage_of_many_events_is_no_memory_error() {
    let limits = Limits { memory_bytes: 4 * 1024 * 1024, ..Limits::default() };
    let script =
        handler("local keep = {} for i = 1, 300 do keep[i] = string.rep('x', 8000 + i) end return action.hangup {}");
    let program = load(&[("main.lua", &script)], &KillWord::default(), limits);
    let event = event(NEW_INBOUND_CALL);
    for number in 1..40 {
        start(&program, number, &event).result.unwrap();
    }
}

#[test]
fn what_is_no_answer_is_refused_with_the_handlers_line() {
    for (body, message) in [
        (
            "return 5",
            "main.lua:1: the handler returned 5; wanted an action (action.speak { … }), a list of actions, or nil",
        ),
        (
            "",
            "main.lua:1: the handler of new_inbound_call returned no action: the caller would hear nothing; return at least one",
        ),
        (
            "return {}",
            "main.lua:1: the handler of new_inbound_call returned no action: the caller would hear nothing; return at least one",
        ),
        (
            "return { Type = 'Hangup' }",
            "main.lua:1: the handler returned a table that no builder made; write action.raw { Type = …, Parameters = … }",
        ),
        (
            "return { action.hangup {}, 'x' }",
            "main.lua:1: the handler returned a list whose item 2 is \"x\"; wanted an action (action.speak { … }), a list of actions, or nil",
        ),
        (
            "local t = {} for i = 1, 11 do t[i] = action.hangup {} end return t",
            "main.lua:1: the handler returned 11 actions; the service takes at most 10",
        ),
        (
            "call.attributes.x = {} return action.hangup {}",
            "main.lua:1: call.attributes.x is a table; wanted a text; json.encode makes one of a table",
        ),
        (
            "for i = 1, 11 do call.attributes['k' .. i] = i end return action.hangup {}",
            "main.lua:1: call.attributes has more than 10 pairs; the service keeps no more",
        ),
        (
            "call.attributes.x = string.rep('é', 1025) return action.hangup {}",
            "main.lua:1: call.attributes.x: its value has more than 1024 characters",
        ),
        (
            "call.attributes.k1 = string.rep('x', 8e6) return action.hangup {}",
            "main.lua:1: call.attributes.k1: its value has more than 1024 characters",
        ),
        ("call.attributes = 5 return action.hangup {}", "main.lua:1: call.attributes is 5; wanted a table of texts"),
    ] {
        assert_eq!(ask(&[("main.lua", &handler(body))]), Err(message.to_owned()), "{body}");
    }
    assert_eq!(
        ask(&[("main.lua", "return 5")]).unwrap_err(),
        "main.lua:1: the script returns a number; wanted a table of handlers, such as { new_inbound_call = function(event, call) … end }"
    );
    assert_eq!(
        ask(&[("main.lua", "return { new_inbound_call = 5 }")]).unwrap_err(),
        "main.lua:1: the handler of new_inbound_call is a number; wanted a function"
    );
    assert_eq!(
        ask(&[("mian.lua", "return {}")]).unwrap_err(),
        "the release has no script `main`; did you mean `mian`?"
    );
}

#[test]
fn records_are_handed_outward_within_a_budget() {
    let script = handler(
        "log.warn('slow', { ms = 12 }) print('a', 1, nil) for i = 1, 1000 do log.debug('x') end return action.hangup {}",
    );
    let program = load(&[("main.lua", &script)], &KillWord::default(), Limits::default());
    let log = start(&program, 1, &event(NEW_INBOUND_CALL)).log;
    assert_eq!(log[0], LogRecord { level: LogLevel::Warn, message: "slow".to_owned(), fields: json!({"ms": 12}) });
    assert_eq!(log[1], LogRecord { level: LogLevel::Info, message: "a\t1\tnil".to_owned(), fields: Value::Null });
    assert_eq!(log.len(), 101);
    assert!(log[100].message.starts_with("the script logged more than 100 records"));
}

#[test]
fn a_script_that_asks_is_suspended_and_goes_on_with_its_replies() {
    let kill = KillWord::default();
    let script = handler(
        "local asked = coroutine.wrap(function() local replies = _ask({ { service = 's3', operation = 'GetObject', input = { Key = 'k' } } }) return replies[1].output.Body end)\nreturn action.speak { text = asked() }",
    );
    let program = Program::load_with_ask(
        &Compiled::new([("main.lua", script.as_bytes())], &Map::new()).unwrap(),
        kill,
        Limits::default(),
    );
    let Ok(Step::Requests(suspended)) = start(&program, 1, &event(NEW_INBOUND_CALL)).result else {
        panic!("it did not ask")
    };
    let request =
        Request::Aws { service: "s3".to_owned(), operation: "GetObject".to_owned(), input: json!({"Key": "k"}) };
    assert_eq!(suspended.requests(), [request]);
    // Another event may run while this one waits.
    assert!(matches!(start(&program, 2, &event(NEW_INBOUND_CALL)).result, Ok(Step::Requests(_))));
    let answer = read(suspended.resume(vec![Reply::Done(json!({"Body": "hello"}))])).unwrap();
    assert_eq!(answer["Actions"][0]["Parameters"]["Text"], "hello");
}

#[test]
fn a_suspended_script_goes_on_with_its_own_event() {
    let script = handler(
        "_ask({ { service = 's3', operation = 'GetObject' } }) return action.speak { text = tostring(os.time()) }",
    );
    let compiled = Compiled::new([("main.lua", script.as_bytes())], &Map::new()).unwrap();
    let program = Program::load_with_ask(&compiled, KillWord::default(), Limits::default());
    let (first, mut second) = (event(NEW_INBOUND_CALL), serde_json::from_str::<Value>(NEW_INBOUND_CALL).unwrap());
    second["CallDetails"]["Participants"][0]["CallId"] = json!("other-leg");
    let Ok(Step::Requests(suspended)) = start(&program, 1, &first).result else { panic!("it did not ask") };
    let later = Input { number: 2, event: &event(&second.to_string()), script: "main", release: "r1", now_seconds: 5 };
    let Ok(Step::Requests(other)) = program.start(later).result else { panic!("it did not ask") };
    let answer = read(suspended.resume(vec![Reply::Done(Value::Null)])).unwrap();
    assert_eq!(
        answer["Actions"][0]["Parameters"],
        json!({"CallId": "db0e2136-2587-4398-87a8-e81dc3aa6c08", "Text": "1718036406"})
    );
    let answer = read(other.resume(vec![Reply::Done(Value::Null)])).unwrap();
    assert_eq!(answer["Actions"][0]["Parameters"], json!({"CallId": "other-leg", "Text": "5"}));
}

#[test]
fn nothing_a_script_can_reach_is_shared_and_writable() {
    // Walks everything reachable from a script, metatables and the host's results too, and looks for a table that is neither
    // read-only nor this event's own.
    let script = handler(
        "local own = { [call] = true, [call.attributes] = true }
local found, seen = {}, {}
local function walk(value, path)
  if type(value) ~= 'table' or seen[value] then return end
  seen[value] = true
  if not table.isfrozen(value) and not own[value] then table.insert(found, path) end
  local shared = getmetatable(value)
  if type(shared) == 'table' then walk(shared, path .. '.metatable') end
  for key, inner in next, value do walk(inner, path .. '.' .. tostring(key)) end
end
local _, failure = json.decode('{')
own[failure] = true
local list = json.array {}
own[list] = true
local env = { string, table, math, os, debug, coroutine, utf8, bit32, buffer, vector, action, json, log, config, call, event, failure, list, action.hangup {}, getmetatable('') }
own[env] = true
walk(env, 'env')
return action.speak { text = 'found: ' .. table.concat(found, ' ') }",
    );
    assert_eq!(ask(&[("main.lua", &script)]).unwrap()["Actions"][0]["Parameters"]["Text"], "found: ");
}

#[test]
fn a_script_that_yields_past_the_host_forges_no_request() {
    let script = handler(
        "local raw
coroutine.resume(coroutine.create(function()
  xpcall(function() table.sort({ 2, 1 }, function() coroutine.yield() end) end, function()
    for level = 1, 8 do
      local ok, source, name, found = pcall(debug.info, level, 'snf')
      if ok and source == '[C]' and name == 'yield' then raw = found end
    end
  end)
end))
if raw then raw('x', { { service = 's3', operation = 'DeleteBucket' } }) end
return action.speak { text = tostring(raw) }",
    );
    assert_eq!(ask(&[("main.lua", &script)]).unwrap()["Actions"][0]["Parameters"]["Text"], "nil");
    assert_eq!(
        ask(&[("main.lua", &handler("return action.speak { text = debug.info(1, 'f') }"))]).unwrap_err(),
        "main.lua:2: debug.info: \"f\" is not available; wanted some of s, l, n and a"
    );
    let answer =
        ask(&[("main.lua", &handler("return action.speak { text = `{debug.info(1, 's')} {debug.info(1, 'l')}` }"))])
            .unwrap();
    assert_eq!(answer["Actions"][0]["Parameters"]["Text"], "main.lua 2");
}

#[test]
fn a_long_literal_is_found_in_linear_time_and_as_before() {
    for (expression, expected) in [
        ("string.find(string.rep('a', 4e6), string.rep('a', 2e6) .. 'b', 1, true)", "nil"),
        ("string.find(string.rep('a', 4e6), string.rep('a', 2e6) .. 'b')", "nil"),
        ("string.find('x' .. string.rep('a', 50) .. 'y', string.rep('a', 40))", "2 41"),
        ("string.find(string.rep('a', 50), string.rep('a', 40), 5)", "5 44"),
        ("string.find(string.rep('a', 50), string.rep('a', 40), -40)", "11 50"),
        ("string.find(string.rep('a', 50), string.rep('a', 40), 100)", "nil"),
        ("string.find(string.rep('.', 50), string.rep('.', 40), 1, true)", "1 40"),
        ("string.find('abc', 'b')", "2 2"),
        ("string.find('a.c', '.', 2, true)", "2 2"),
    ] {
        let body = format!(
            "local a, b = {expression} return action.speak {{ text = if b then `{{a}} {{b}}` else tostring(a) }}"
        );
        assert_eq!(
            ask(&[("main.lua", &handler(&body))]).unwrap()["Actions"][0]["Parameters"]["Text"],
            expected,
            "{expression}"
        );
    }
}

#[test]
fn errors_of_the_hosts_functions_reach_pcall_as_text() {
    for call in [
        "action['\\xff']",
        "action.raw({ Type = '\\xff' })",
        "action.speak({ text = '\\xff' })",
        "require('\\xff')",
        "json.encode('\\xff')",
        "action[string.rep('x', 1e6)]",
    ] {
        let body = format!(
            "local ok, message = pcall(function() return {call} end) return action.speak {{ text = type(message) }}"
        );
        assert_eq!(
            ask(&[("main.lua", &handler(&body))]).unwrap()["Actions"][0]["Parameters"]["Text"],
            "string",
            "{call}"
        );
    }
}

#[test]
fn a_module_may_not_ask_while_it_loads() {
    let files: [(&str, &[u8]); 2] = [
        ("main.lua", b"local a = require('./a') return {}"),
        ("a.lua", b"\nlocal function load() return _ask({}) end\nload()"),
    ];
    let program =
        Program::load_with_ask(&Compiled::new(files, &Map::new()).unwrap(), KillWord::default(), Limits::default());
    let error = start(&program, 1, &event(NEW_INBOUND_CALL)).result.unwrap_err();
    assert_eq!(error.to_string(), "a.lua:3: a module cannot wait for the host while it loads; do it inside a function");
}

#[test]
fn attributes_are_stored_when_they_changed_and_only_then() {
    const WITH: &str = include_str!("../../../tests/events/HANGUP-Hangup-lega.json");
    for (body, expected) in [
        ("", Value::Null),
        ("call.attributes.key1 = 'val1*'", Value::Null),
        ("call.attributes.key1 = 5", json!({"key1": "5", "key2": "val2*"})),
        ("call.attributes.key1 = nil", json!({"key2": "val2*"})),
        ("call.attributes = {}", json!({})),
        ("call.attributes = nil", json!({})),
        ("call.attributes = { a = true }", json!({"a": "true"})),
    ] {
        let script = format!("return {{ hangup = function(event, call) {body} end }}");
        let program = load(&[("main.lua", &script)], &KillWord::default(), Limits::default());
        let answer = read(start(&program, 1, &event(WITH))).unwrap();
        assert_eq!(answer.get("TransactionAttributes").unwrap_or(&Value::Null), &expected, "{body}");
        assert_eq!(answer.get("Actions"), None, "{body}");
    }
}

#[test]
fn the_same_event_draws_the_same_random_numbers_and_reads_the_same_clock() {
    let script = handler("return action.speak { text = `{math.random(1e9)} {os.time()} {os.date('%Y-%m-%d %H:%M')}` }");
    let texts: Vec<_> = (0..2).map(|_| ask(&[("main.lua", &script)]).unwrap()).collect();
    assert_eq!(texts[0], texts[1]);
    let text = texts[0]["Actions"][0]["Parameters"]["Text"].as_str().unwrap();
    assert!(text.ends_with(" 1718036406 2024-06-10 16:20"), "{text}");
}

#[test]
fn every_recorded_event_reaches_its_handler() {
    let script = "return setmetatable({}, { __index = function(_, key) return function(event, call)\n  assert(call.id == event.CallDetails.TransactionId and call.legs and call.sip_headers and call.arguments)\n  return action.speak { text = key }\nend end })";
    let program = load(&[("main.lua", script)], &KillWord::default(), Limits::default());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/events");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let event = event(&std::fs::read_to_string(&path).unwrap());
        count += 1;
        let answer = read(start(&program, count, &event)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(answer["Actions"][0]["Parameters"]["Text"], event.event_type().lua_name());
    }
    assert!(count >= 107);
}
