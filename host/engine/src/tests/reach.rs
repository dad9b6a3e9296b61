//! Whatever a script can reach: nothing of it outlives the event but what is frozen, and nothing of
//! it is the host's own machinery.

use super::*;

/// Walks everything that a script can reach, through values, metatables, errors and what every
/// function returns, and calls every function with whatever was found. `stain` is written wherever
/// something can be written; a later process looks for it.
const WALK: &str = r#"
local stain = "stain"

-- `is_still`: functions are not called.
return function(start, is_still, visit)
  local seen, queue, first, threads = {}, {}, 1, 0
  local function push(value, path)
    local kind = type(value)
    if kind ~= "table" and kind ~= "function" and kind ~= "userdata" and kind ~= "thread" and kind ~= "buffer" then
      return
    end
    if not seen[value] and #queue < 4000 then
      seen[value] = true
      queue[#queue + 1] = { value, path }
    end
  end
  for name, value in start do
    push(value, name)
  end
  local stained, written = {}, 0
  local arguments = {
    {}, { 1 }, { -1 }, { "x" }, { "sl" }, { 1, "sl" }, { 2, "sl" }, { {} }, { {}, {} }, { function() end }, { "x", "x" }, { "x", {} },
    { { text = "x" } }, { "https://example.com" }, { { url = "https://example.com" } }, { { service = "s", operation = "O" } }, { "x", 1 },
    { coroutine.create(function(...) return coroutine.yield(...) end), 1 }, { coroutine.running() }, { coroutine.running(), { { output = 1 } } },
    { function() return (http.get("https://example.com")) end, function() return (aws.json { service = "s", operation = "O" }) end },
  }
  while first <= #queue do
    local value, path = queue[first][1], queue[first][2]
    first += 1
    if type(value) == "table" then
      if rawget(value, stain) ~= nil then
        stained[#stained + 1] = path
      end
      if pcall(rawset, value, stain, true) then
        written += 1
      end
      pcall(setmetatable, value, nil)
      for key, item in next, value do
        push(key, `{path}<key>`)
        push(item, `{path}.{tostring(key)}`)
      end
    end
    if type(value) ~= "function" then
      local is_there, meta = pcall(getmetatable, value)
      if is_there then
        push(meta, `{path}<meta>`)
      end
    elseif not is_still and value ~= error and value ~= coroutine.yield and value ~= visit then
      for index, list in arguments do
        local results = table.pack(pcall(value, table.unpack(list)))
        for place = 2, results.n do
          push(results[place], `{path}({index})[{place}]`)
        end
      end
    end
  end
  return stained, written, #queue
end
"#;

const MAIN: &str = r#"
local walk = require("./walk")

return {
  default = function(event, call)
    local start = {
      action = action, aws = aws, chime = chime, coroutine = coroutine, config = config, debug = debug, http = http, json = json,
      log = log, math = math, metric = metric, os = os, parallel = parallel, pcall = pcall, phone = phone, print = print, random = random,
      require = require, setmetatable = setmetatable, storage = storage, string = string, table = table, text = "", time = time, tostring = tostring,
      utf8 = utf8, bit32 = bit32, buffer = buffer, vector = vector, event = event, call = call, next = next, select = select, type = type,
      url = url, typeof = typeof, getmetatable = getmetatable, rawset = rawset, rawget = rawget, xpcall = xpcall, ipairs = ipairs, pairs = pairs,
    }
    local stained, written, found = walk(start)
    call.attributes = {}
    return action.speak { text = `{table.concat(stained, " ")}|{written}|{found}` }
  end,
}
"#;

/// A flow, whose methods wait: what it reaches is looked at, and nothing of it is called.
const FLOW: &str = r#"
local walk = require("./walk")

return function(call)
  local stained, written, found = walk({ call = call, legs = call.legs, methods = { call.say, call.wait }, leg = call.legs["LEG-A"] }, true)
  call:say(`{table.concat(stained, " ")}|{written}|{found}`)
end
"#;

/// The script of an event to its end: every request is answered with the same small table.
fn run(program: &Program, number: u64) -> Result<Value, String> {
    let mut turn = start(program, number, &event(NEW_INBOUND_CALL));
    for _ in 0..10_000 {
        match turn.result.map_err(|error| error.to_string())? {
            Step::Answer(answer) => return Ok(serde_json::to_value(answer).unwrap()),
            Step::Requests(asked) => {
                let reply = Reply::Done(json!({"status": 200, "body": "{}"}));
                let replies = vec![reply; asked.requests().len()];
                turn = asked.resume(replies);
            }
        }
    }
    Err("it asks without end".to_owned())
}

/// What a walk found: how many places it could write to, and how many things.
struct Walked {
    written: u32,
    found: u32,
}

/// Has a script walk in three events: none of them finds what an earlier one left.
fn walks(files: &[(&str, &str)]) -> Vec<Walked> {
    let program = load(files, &CancelFlag::default(), Limits::default());
    let walk = |number| {
        let answer = run(&program, number).unwrap();
        let told = answer["Actions"][0]["Parameters"]["Text"].as_str().unwrap().to_owned();
        let [stained, written, found] = told.split('|').collect::<Vec<_>>()[..] else {
            panic!("{told}")
        };
        assert_eq!(stained, "", "event {number} found what an earlier one left");
        Walked { written: written.parse().unwrap(), found: found.parse().unwrap() }
    };
    (1..4).map(walk).collect()
}

#[test]
fn nothing_that_a_script_can_reach_keeps_anything_for_the_next_event() {
    let files = [("main.lua", MAIN), ("walk.lua", WALK), ("config.json", r#"{"a": {"b": [1]}}"#)];
    // The walk has been somewhere, and could write into what is the event's own.
    for Walked { written, found } in walks(&files) {
        assert!(written > 50 && found > 300, "{written} of {found}");
    }
}

#[test]
fn nothing_of_a_flow_is_there_in_the_next_call() {
    for Walked { written, found } in walks(&[("main.lua", FLOW), ("walk.lua", WALK)]) {
        assert!(written > 0 && found > 5, "{written} of {found}");
    }
}

#[test]
fn no_function_of_a_script_touches_a_coroutine_of_the_hosts() {
    let branches = "local sibling, got
local results = table.pack(pcall(parallel,
  function() sibling = coroutine.running() return (http.get('https://example.com')) end,
  function() got = table.pack(coroutine.resume(sibling, {{ output = 1 }})) return 2 end))
return action.speak { text = `{got[1]} {got[2]} {typeof(results[2])} {results[3]}` }";
    let closes = "local sibling
local _, problem = pcall(parallel,
  function() sibling = coroutine.running() return (http.get('https://example.com')) end,
  function() return coroutine.close(sibling) end)
return action.speak { text = problem }";
    let states = "local own, got = coroutine.running(), nil
parallel(function() got = coroutine.status(own) .. coroutine.status(coroutine.running()) end)
local is_done, why = coroutine.resume(own)
return action.speak { text = `{got} {coroutine.status(own)} {is_done} {why}` }";
    // A coroutine of the author's that waits for the host inside one branch, and another branch
    // that goes on with it.
    let forged =
        "local asks = coroutine.create(function() return (http.get('https://example.com')) end)
local got
local first = parallel(
  function() local _, reply = coroutine.resume(asks) return reply.status end,
  function() got = table.pack(coroutine.resume(asks, {{ output = { status = 1 } }})) return 2 end)
return action.speak { text = `{got[1]} {got[2]} {first}` }";
    for (body, text) in [
        (branches, "false cannot resume a coroutine that belongs to the host table 2"),
        (closes, "main.lua:5: coroutine.close: this coroutine belongs to the host"),
        (states, "normalrunning running false cannot resume a coroutine that belongs to the host"),
        (forged, "false cannot resume a coroutine that waits for the host 200"),
    ] {
        let script = handler(body);
        let program = load(&[("main.lua", &script)], &CancelFlag::default(), Limits::default());
        let answer = run(&program, 1).unwrap();
        assert_eq!(answer["Actions"][0]["Parameters"]["Text"], text, "{body}");
    }
}

#[test]
fn a_script_that_asks_for_too_much_at_once_is_told_at_its_line() {
    let many = "local work = {}
for index = 1, 5000 do work[index] = function() return (http.get('https://example.com')) end end
parallel(table.unpack(work))";
    let nested = "local work = {}
for index = 1, 60 do work[index] = function() return (http.get('https://example.com')) end end
local function all() return parallel(table.unpack(work)) end
parallel(all, all)";
    let large = "local work = {}
for index = 1, 20 do work[index] = function() return (http.post('https://example.com', ('x'):rep(100000))) end end
parallel(table.unpack(work))";
    for (body, message) in [
        (many, "main.lua:4: parallel: got 5000 functions; the limit is 100"),
        (nested, "main.lua:5: 120 requests are made at the same time; the limit is 100"),
        (large, "main.lua:4: requests[11].body: its strings have more than 1048576 bytes in total"),
    ] {
        let script = handler(body);
        let program = load(&[("main.lua", &script)], &CancelFlag::default(), Limits::default());
        assert_eq!(run(&program, 1).unwrap_err(), message, "{body}");
    }
}
