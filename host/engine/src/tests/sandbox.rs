//! What scripts cannot do: leave the sandbox, run on, use up the memory, leave something behind.

use super::*;

#[test]
fn what_one_event_leaves_behind_the_next_does_not_see() {
    let script = "local count = 0\nlocal helper = require('./helper')\nreturn { default = function(event, call)\n  count += 1\n  helper.count += 1\n  return action.speak { text = `{count} {helper.count}` }\nend }";
    let files = [("main.lua", script), ("helper.lua", "return { count = 0 }")];
    let program = load(&files, &CancelFlag::default(), Limits::default());
    let event = event(NEW_INBOUND_CALL);
    for number in 1..4 {
        let answer = read(start(&program, number, &event)).unwrap();
        assert_eq!(answer["Actions"][0]["Parameters"]["Text"], "1 1");
    }
}

#[test]
fn globals_cannot_be_written_and_libraries_cannot_be_changed() {
    for (body, message) in [
        ("x = 1", "main.lua:2: there are no global variables; write \"local x = …\""),
        ("string.format = nil", "main.lua:2: attempt to modify a readonly table"),
        ("require = nil", "main.lua:2: attempt to modify a readonly table"),
        ("getmetatable('').__index = nil", "main.lua:2: attempt to modify a readonly table"),
        ("event.Sequence = 2", "main.lua:2: attempt to modify a readonly table"),
        ("call.from = 'x'", "main.lua:2: call.from cannot be set; keep values in call.attributes"),
        ("config.x = 1", "main.lua:2: attempt to modify a readonly table"),
        ("action.speak = 1", "main.lua:2: attempt to modify a readonly table"),
        (
            "action.speek {}",
            "main.lua:2: action.speek: there is no such action; did you mean `speak`?",
        ),
        (
            "coroutine.yield(1)",
            "main.lua:2: coroutine.yield: not inside a coroutine of your own; there is nothing to yield to",
        ),
        ("error(nil)", "main.lua:2: the script raised nil; raise a string that says what is wrong"),
        (
            "error({ code = 1 })",
            "main.lua:2: the script raised a table; raise a string that says what is wrong",
        ),
        (
            "error(function() end)",
            "main.lua:2: the script raised a function; raise a string that says what is wrong",
        ),
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
    ] {
        let body = format!("return action.speak {{ text = tostring({name}) }}");
        let told = ask(&[("main.lua", &handler(&body))]).unwrap_err();
        assert!(told.contains(&format!("there is no global variable `{name}`")), "{told}");
    }
    for name in ["os.exit", "os.getenv", "os.clock", "string.dump", "debug.getregistry"] {
        let body = format!("return action.speak {{ text = tostring({name}) }}");
        assert_eq!(
            ask(&[("main.lua", &handler(&body))]).unwrap()["Actions"][0]["Parameters"]["Text"],
            "nil",
            "{name}"
        );
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
        let cancel = CancelFlag::default();
        let program = load(&[("main.lua", &handler(body))], &cancel, Limits::default());
        let event = event(NEW_INBOUND_CALL);
        let watchdog = std::thread::spawn({
            let cancel = cancel.clone();
            // Late or early, the stop holds for event 7: stored before it starts, it ends it at its
            // first tick.
            move || cancel.cancel(7)
        });
        watchdog.join().unwrap();
        let error = start(&program, 7, &event).result.unwrap_err();
        assert!(matches!(error, Error::Deadline { .. }), "{body}: {error}");
        // The next event is not the one that was stopped.
        let next =
            load(&[("main.lua", &handler("return action.hangup {}"))], &cancel, Limits::default());
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
        let program = load(&[("main.lua", &handler(body))], &CancelFlag::default(), limits);
        let error = start(&program, 1, &event(NEW_INBOUND_CALL)).result.unwrap_err();
        assert!(matches!(error, Error::Memory { .. }), "{body}: {error:?}");
        assert!(
            error.to_string().ends_with("the script used more memory than its limit of 8 MiB"),
            "{error}"
        );
        assert!(program.is_spent());
    }
}

#[test]
fn garbage_of_many_events_is_no_memory_error() {
    let limits = Limits { memory_bytes: 4 * 1024 * 1024, ..Limits::default() };
    let script = handler(
        "local keep = {} for i = 1, 300 do keep[i] = string.rep('x', 8000 + i) end return action.hangup {}",
    );
    let program = load(&[("main.lua", &script)], &CancelFlag::default(), limits);
    let event = event(NEW_INBOUND_CALL);
    for number in 1..40 {
        start(&program, number, &event).result.unwrap();
    }
}

#[test]
fn nothing_a_script_can_reach_is_shared_and_writable() {
    // Walks everything reachable from a script, metatables and the host's results too, and looks
    // for a table that is neither read-only nor this event's own.
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
    assert_eq!(
        ask(&[("main.lua", &script)]).unwrap()["Actions"][0]["Parameters"]["Text"],
        "found: "
    );
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
        ask(&[("main.lua", &handler("return action.speak { text = debug.info(1, 'f') }"))])
            .unwrap_err(),
        "main.lua:2: debug.info: \"f\" is not available; wanted one or more of s, l, n and a"
    );
    let answer = ask(&[(
        "main.lua",
        &handler("return action.speak { text = `{debug.info(1, 's')} {debug.info(1, 'l')}` }"),
    )])
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
fn every_kind_of_loop_meets_the_kill_word() {
    // What Luau's own tests interrupt, in forms of our own: each goes on for ever, or for very
    // long, without a stop.
    for body in [
        "for i = 1, 1e18 do end",
        "local i = 0 while true do i += 1 end",
        "repeat until false",
        "local function f() return f() end f()",
        "for _ in function() return 1 end do end",
        "local t = {} for i = 1, 100 do t[i] = i end while true do for _ in t do end end",
        "for _ in pairs(setmetatable({}, { __iter = function() return function() return 1 end end })) do end for _ in setmetatable({}, { __iter = function() return function() return 1 end end }) do end",
        "for _ in string.gmatch(string.rep('a', 2e5), 'a*b') do end",
        "string.gsub(string.rep('a', 3e4), '.-.-.-b', '')",
        "string.match(string.rep('a', 3e4), '(.-)(.-)(.-)b')",
        "table.sort(table.create(1000, 1), function() while true do end end)",
        "local t = setmetatable({}, { __index = function() while true do end end }) return t.x",
        "local t = setmetatable({}, { __eq = function() while true do end end }) return t == setmetatable({}, getmetatable(t))",
        "return tostring(setmetatable({}, { __tostring = function() while true do end end }))",
        "return #setmetatable({}, { __len = function() while true do end end })",
        "table.foreach({ 1 }, function() while true do end end)",
        "string.gsub('a', '.', function() while true do end end)",
        "xpcall(error, function() while true do end end)",
        "coroutine.wrap(function() for _ in coroutine.wrap(function() while true do end end) do end end)()",
        "local c = coroutine.create(function() while true do coroutine.yield() end end) while true do coroutine.resume(c) end",
        "table.concat(setmetatable({}, { __index = function() return 'x' end }), '', 1, 1e9) while true do end",
    ] {
        let cancel = CancelFlag::default();
        cancel.cancel(1);
        let program = load(
            &[("main.lua", &handler(&format!("pcall(function() {body} end) while true do end")))],
            &cancel,
            Limits::default(),
        );
        let error = start(&program, 1, &event(NEW_INBOUND_CALL)).result.unwrap_err();
        assert!(matches!(error, Error::Deadline { .. }), "{body}: {error}");
    }
}

#[test]
fn a_read_only_table_resists_every_way_of_writing() {
    for write in [
        "t.x = 1",
        "t[1] = 1",
        "rawset(t, 'x', 1)",
        "table.insert(t, 1)",
        "table.remove(t)",
        "table.clear(t)",
        "table.sort(t, function() return true end)",
        "table.move({ 1, 2 }, 1, 2, 1, t)",
        "setmetatable(t, {})",
    ] {
        for table in [
            "event.CallDetails.Participants",
            "event",
            "string",
            "config.list",
            "call.legs",
            "action.hangup {}.Parameters",
        ] {
            let body = format!(
                "local t = {table} local ok = pcall(function() {write} end) return action.speak {{ text = tostring(ok) }}"
            );
            let files =
                [("main.lua", handler(&body)), ("config.json", r#"{"list": [2, 1]}"#.to_owned())];
            let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let answer = ask(&files).unwrap();
            // Nothing is left to remove from an empty end, and nothing to sort: these may do
            // nothing.
            let is_idle = (write.starts_with("table.remove") || write.starts_with("table.sort"))
                && !table.contains("list")
                && !table.contains("Participants");
            assert!(
                answer["Actions"][0]["Parameters"]["Text"] == "false" || is_idle,
                "{write} on {table}"
            );
        }
    }
}
