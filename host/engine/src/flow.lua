-- The Lua half of flows: the methods of `call` and of legs. It runs once per VM, after the prelude.
--
-- While a flow is replayed, its methods return what the journal says and nothing else happens. From the step on that has not ended
-- yet, each method is built, sent and waited for.

local host, kit = ...

local TOKEN, failure, any_case = kit.token, kit.failure, kit.any_case
local raw_yield, raw_running = coroutine.yield, coroutine.running
local error, type, typeof, tostring, setmetatable, pcall, next = error, type, typeof, tostring, setmetatable, pcall, next
local place = debug.info

-- The flow behind a call, and the one behind a leg. Weak both ways: a flow holds its legs, and would hold itself for ever.
local flows = setmetatable({}, { __mode = "kv" })

local methods, leg_methods = {}, {}

local function flow_of(owner, name)
  local flow = flows[owner]
  if not flow then
    error(`{name}: it belongs to a call; write it with a colon, such as call:say("Hello")`, 3)
  end
  if flow.replays and not flow.in_step then
    -- What is done again was looked at when it was done.
    return flow
  end
  if kit.loading_threads[raw_running()] then
    error("a module cannot wait for the host while it loads; do it inside a function", 3)
  end
  if flow.in_step then
    error(`{name}: inside call:step there are only helpers; do it after the step`, 3)
  end
  if flow.is_farewell then
    error(`{name}: the call is over; functions given to on_hangup have only helpers`, 3)
  end
  return flow
end

-- A station of the caller's way, for the error that may end it.
local function note(flow, name, text)
  local path, stations = flow.path, flow.stations
  path[stations + 1] = name
  path[stations + 2] = if text == nil then true else text
  flow.stations = stations + 2
end

-- How the last station was left.
local function note_end(flow, text)
  flow.path[flow.stations] = text
end

-- Ends the flow here; no pcall sees it.
local function never(flow)
  raw_yield(TOKEN, false)
  -- Whoever resumes a flow that has ended all the same does not get further than this.
  while true do
    raw_yield(TOKEN, false)
  end
end

-- What the caller hears is no part of what a step is.
local HEARD = {
  say = true, play = true, invalid = true, text = true, key = true, ringback = true, voice = true, engine = true, language = true,
}
local BITS = 4294967296

-- Numbers that stand for texts. They are asked for once: a replay meets the same few texts again and again.
local numbers, count = {}, 0

local function number_of(text)
  local number = numbers[text]
  if not number then
    if count >= 5000 then
      numbers, count = {}, 0
    end
    number = host.flow_number(text)
    -- Long ones would fill the memory.
    if #text <= 64 then
      numbers[text] = number
      count += 1
    end
  end
  return number
end

-- A number of 32 bits for a value. The order of a table's pairs says nothing; tables in tables count to a depth.
local function digest(value, depth)
  local kind = type(value)
  if kind == "string" then
    return number_of(value)
  elseif kind == "number" then
    if value % 1 == 0 and value >= 0 and value < BITS then
      return (value * 65599 + 4) % BITS
    end
    return number_of(tostring(value))
  elseif kind == "table" and depth > 0 then
    local sum = 7
    for key, item in next, value do
      if not HEARD[key] then
        -- Mostly both are texts that are known.
        sum += ((numbers[key] or digest(key, 0)) * 65599 + (numbers[item] or digest(item, depth - 1))) % BITS
      end
    end
    return sum % BITS
  elseif kind == "boolean" then
    return if value then 3 else 2
  end
  return if kind == "nil" then 1 else 6
end

-- The letters of the kinds of steps in a digest, as numbers.
local LETTERS = {}
for kind, letter in host.flow_kinds do
  LETTERS[kind] = letter * 65599
end

-- One step out of the journal: whether there was one, and what came of it.
local function replay(flow, kind, options)
  local number = flow.at + 1
  local recorded = flow.digests[number]
  if recorded == nil and kind ~= "request" and kind ~= "step" then
    -- This one has not ended yet; from here on everything is real.
    flow.replays = false
    flow.digests, flow.values, flow.errors, flow.times, flow.refusals = nil, nil, nil, nil, nil
    return false
  end
  local sum = (digest(options, 6) + LETTERS[kind]) % BITS
  if recorded ~= bit32.band(bit32.bxor(sum, bit32.rshift(sum, 15)), 0x3FFFF) then
    host.flow_differs(number - 1, kind)
    never(flow)
  end
  flow.at = number
  flow.queued = 0
  -- What is queued behind the last step that sent something is needed: it may have to be sent again.
  flow.skips = number < flow.sent
  local err = flow.errors[number]
  if err then
    return true, nil, err
  end
  local value = flow.values[number]
  if value == flow then
    return true, nil
  end
  return true, value
end

-- The digest of a queued method that was refused: the how manieth since the last step it was.
local function refusal(number)
  local sum = (digest(number, 0) + LETTERS.queued) % BITS
  return bit32.band(bit32.bxor(sum, bit32.rshift(sum, 15)), 0x3FFFF)
end

local function queue(flow, name, options)
  note(flow, name, options)
  local number = flow.queued + 1
  flow.queued = number
  if flow.replays then
    -- It was refused then, and somebody caught it: it is refused again, whatever the queue is needed for.
    local refused = flow.refusals and flow.refusals[flow.at + 1]
    if refused and refused == refusal(number) then
      local _, _, problem = replay(flow, "queued", number)
      error(problem, 3)
    end
    if flow.skips then
      return
    end
  end
  local problem = host.flow_queue(name, options, place(3, "sl"))
  if problem then
    if not flow.replays then
      host.flow_refused("queued", digest(number, 0), problem)
      flow.queued = 0
    end
    error(problem, 3)
  end
end

-- Called by a method that the author called: level 3 is the author's line.
local function wait(flow, kind, options)
  if flow.replays then
    local is_found, value, err = replay(flow, kind, options)
    if is_found then
      if type(err) == "string" then
        -- It was refused then, and somebody caught it.
        error(err, 3)
      end
      return value, err
    end
  end
  local problem = host.flow_wait(kind, digest(options, 6), options, place(3, "sl"))
  if problem then
    host.flow_refused(kind, digest(options, 6), problem)
    flow.queued = 0
    error(problem, 3)
  end
  if flow.is_over then
    never(flow)
  end
  local value, err, is_over = raw_yield(TOKEN, true)
  kit.current = flow
  flow.queued = 0
  flow.is_over = is_over
  return value, err
end

local function with_failure(value, err)
  if err then
    return nil, setmetatable(err, failure)
  end
  return value
end

---------------------------------------------------------------------------------------------------- queued methods

function methods.say(call, prompt)
  queue(flow_of(call, "call:say"), "say", prompt)
end

function methods.play(call, audio)
  queue(flow_of(call, "call:play"), "play", audio)
end

function methods.pause(call, seconds)
  queue(flow_of(call, "call:pause"), "pause", seconds)
end

---------------------------------------------------------------------------------------------------- waiting methods

function methods.flush(call)
  return with_failure(wait(flow_of(call, "call:flush"), "flush"))
end

function methods.ask(call, options)
  local flow = flow_of(call, "call:ask")
  note(flow, "ask:")
  local value, err = wait(flow, "ask", options)
  note_end(flow, if err then err.type else "****")
  return with_failure(value, err)
end

function methods.menu(call, options)
  local flow = flow_of(call, "call:menu")
  note(flow, "menu:")
  local value, err = wait(flow, "menu", options)
  note_end(flow, if err then err.type else value)
  if err then
    if err.type == "no_input" and options.default ~= nil then
      return options.default
    end
    return nil, setmetatable(err, failure)
  end
  return options.options[value]
end

function methods.record(call, options)
  local flow = flow_of(call, "call:record")
  note(flow, "record")
  return with_failure(wait(flow, "record", options))
end

-- The leg's own methods, and a place among the call's legs.
local function connected(flow, leg)
  flows[leg] = flow
  flow.legs[leg.tag] = leg
  return setmetatable(leg, { __index = leg_methods, __metatable = false })
end

local function gone(flow, leg)
  leg.status = "disconnected"
  flow.legs[leg.tag] = nil
end

-- Both ways to a second leg.
for _, kind in { "bridge", "join_meeting" } do
  methods[kind] = function(call, options)
    local flow = flow_of(call, `call:{kind}`)
    note(flow, `{kind}:`)
    local leg, err = wait(flow, kind, options)
    note_end(flow, if err then err.type else "connected")
    if err then
      return nil, setmetatable(err, failure)
    end
    return connected(flow, leg)
  end
end

function methods.wait(call, options)
  local flow = flow_of(call, "call:wait")
  note(flow, "wait:")
  local value, err = wait(flow, "wait", options)
  if err then
    note_end(flow, err.type)
    return nil, setmetatable(err, failure)
  end
  local what, detail = value[1], value[2]
  note_end(flow, what)
  if what == "left" then
    local leg = flow.legs[detail]
    if leg then
      gone(flow, leg)
    end
    return what, leg
  end
  return what, detail
end

function methods.wait_for_answer(call)
  local flow = flow_of(call, "call:wait_for_answer")
  note(flow, "wait_for_answer")
  return with_failure(wait(flow, "wait_for_answer"))
end

function methods.hangup(call, options)
  local flow = flow_of(call, "call:hangup")
  note(flow, "hangup")
  wait(flow, "hangup", options)
  never(flow)
end

function leg_methods.hangup(leg)
  local flow = flow_of(leg, "leg:hangup")
  if leg.status == "disconnected" then
    return true
  end
  note(flow, "leg:hangup")
  local _, err = wait(flow, "leg_hangup", { id = leg.id, tag = leg.tag })
  if err then
    return nil, setmetatable(err, failure)
  end
  gone(flow, leg)
  return true
end

---------------------------------------------------------------------------------------------------- the rest

function methods.on_hangup(call, hook)
  local flow = flow_of(call, "call:on_hangup")
  if type(hook) ~= "function" then
    error(`call:on_hangup: got a {typeof(hook)}; wanted a function`, 2)
  end
  flow.hooks[#flow.hooks + 1] = hook
end

function methods.step(call, name, work)
  local flow = flow_of(call, "call:step")
  if type(name) ~= "string" or type(work) ~= "function" then
    error(`call:step: got a {typeof(name)} and a {typeof(work)}; wanted a name and a function`, 2)
  end
  note(flow, "step", name)
  if flow.replays then
    local is_found, value, err = replay(flow, "step", name)
    if is_found then
      if err then
        error(err, 0)
      end
      return value
    end
  end
  flow.in_step = raw_running()
  local is_done, value = pcall(work)
  flow.in_step = false
  local raised = if is_done then value else tostring(value)
  flow.queued = 0
  local is_kept, kept, problem = host.flow_record(number_of(name), is_done, raised, place(2, "sl"))
  if not is_kept then
    never(flow)
  elseif problem then
    error(problem, 0)
  end
  return kept
end

-- Requests of helpers, on behalf of a flow. Level 4 is the author's line: a helper stands between, and the prelude's `ask`.
function kit.ask_in_flow(flow, requests)
  local is_recorded = not flow.in_step and not flow.is_farewell
  if is_recorded and flow.replays then
    local _, replies = replay(flow, "request", requests)
    return replies
  end
  if is_recorded then
    host.flow_request(digest(requests, 6), place(4, "sl"))
    flow.queued = 0
  else
    host.flow_request(nil)
  end
  local replies = raw_yield(TOKEN, requests)
  kit.current = flow
  return replies
end

-- Numbers drawn from the call's id: the same in every replay.
function kit.random_in_flow(low, high)
  local drawn = host.flow_random(kit.current.in_step ~= false)
  if low == nil then
    return drawn
  elseif high == nil then
    low, high = 1, low
  end
  if type(low) ~= "number" or type(high) ~= "number" or low > high then
    error("math.random: the interval is empty", 3)
  end
  return low + math.floor(drawn * (high - low + 1))
end

local function view(flow)
  local fields, headers
  local lost = host.flow_lost_arguments()
  -- Methods stand in a table, and what is looked for in vain comes to the function: a table is looked into without a call.
  local found = setmetatable(table.clone(methods), {
    __index = function(_, key)
      if key == "legs" then
        return flow.legs
      elseif key == "voice" then
        return flow.voice
      elseif key == "attributes" then
        error("call.attributes: a flow keeps its own variables; attributes belong to handlers", 2)
      elseif key == "sip_headers" then
        if not headers then
          local problem
          headers, problem = host.flow_headers(any_case)
          if problem then
            error(problem, 2)
          end
        end
        return headers
      elseif key == "arguments" and lost then
        error(`call.arguments: {lost}`, 2)
      end
      return fields[key]
    end,
  })
  local shape = {
    __index = found,
    __newindex = function(_, key, value)
      if key ~= "voice" then
        error(`call.{tostring(key)} cannot be set; use a local variable: a flow keeps its own`, 2)
      end
      local problem = host.flow_voice(value)
      if problem then
        error(problem, 2)
      end
      flow.voice = value
    end,
    __metatable = false,
  }
  fields = host.call_fields(any_case)
  local first = fields.legs["LEG-A"]
  if first then
    local leg = table.clone(first)
    leg.status = "connected"
    flow.legs["LEG-A"] = leg
    flows[leg] = flow
    setmetatable(leg, {
      __index = {
        hangup = function()
          error("call.legs[\"LEG-A\"]:hangup(): the first leg is the call; write call:hangup()", 2)
        end,
      },
      __metatable = false,
    })
  end
  return setmetatable({}, shape)
end

-- Runs a flow from its beginning; it comes to its end only where nothing is left to be waited for.
function kit.run_flow(script)
  local flow = {
    path = {}, stations = 0, hooks = {}, legs = {},
    -- Whether the journal is asked, how far it has been, and whether what is queued is left out.
    replays = false, at = 0, skips = false,
    -- `in_step` is the thread in which the function of a step runs.
    in_step = false, is_over = false, is_farewell = false,
    -- How many methods were queued since the last step, and which of those that the journal knows were refused.
    queued = 0, refusals = nil,
  }
  kit.current = flow
  local problem = host.flow_begin(flow)
  if problem == "over" then
    return "farewell"
  elseif problem then
    return "flow_problem", nil, problem
  end
  local call = view(flow)
  flows[call] = flow
  script(call)
  wait(flow, "end")
  never(flow)
end

-- What was given to on_hangup, once, in its order.
function kit.farewell(flow, why)
  kit.host_threads[raw_running()] = true
  kit.current = flow
  flow.is_farewell = true
  for _, hook in flow.hooks do
    local is_done, problem = pcall(hook, why)
    if not is_done then
      host.log("error", `a function given to on_hangup failed: {tostring(problem)}`, nil)
    end
  end
  return "farewell"
end
