-- The Lua half of flows: the methods of `call` and of legs. It runs once per VM, after the prelude.
--
-- While a flow is replayed, its methods return what the journal says and nothing else happens. From the step on that has not ended
-- yet, each method is built, sent and waited for.

local host, kit = ...

local TOKEN, failure, any_case = kit.token, kit.failure, kit.any_case
local raw_yield, raw_running = coroutine.yield, coroutine.running
local pack, unpack = table.pack, table.unpack
local error, type, typeof, tostring, setmetatable, pcall = error, type, typeof, tostring, setmetatable, pcall
local place = debug.info

-- The flow behind a call, and the one behind a leg.
local flows = setmetatable({}, { __mode = "k" })

local methods, leg_methods = {}, {}

local function flow_of(owner, name)
  local flow = flows[owner]
  if not flow then
    error(`{name}: it belongs to a call; write it with a colon, such as call:say("Hello")`, 3)
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
  local path = flow.path
  local count = #path
  path[count + 1] = name
  path[count + 2] = if text == nil then true else text
end

-- Ends the flow here; no pcall sees it.
local function never(flow)
  raw_yield(TOKEN, false)
  -- Whoever resumes a flow that has ended all the same does not get further than this.
  while true do
    raw_yield(TOKEN, false)
  end
end

-- One step out of the journal: whether there was one, and what came of it.
local function replay(flow, kind, options)
  local state, value, err = host.flow_replay(kind, options)
  if state == "more" then
    return true, value, err
  elseif state == "last" then
    -- From here on what is queued is needed: it may have to be sent again.
    flow.skips = false
    return true, value, err
  elseif state == "mismatch" then
    never(flow)
  end
  flow.replays = false
  return false
end

local function queue(flow, name, options)
  note(flow, name, options)
  if flow.skips then
    return
  end
  local problem = host.flow_queue(name, options, place(3, "sl"))
  if problem then
    error(problem, 3)
  end
end

-- Called by a method that the author called: level 3 is the author's line.
local function wait(flow, kind, options)
  if flow.replays then
    local is_found, value, err = replay(flow, kind, options)
    if is_found then
      return value, err
    end
  end
  local problem = host.flow_wait(kind, options, place(3, "sl"))
  if problem then
    error(problem, 3)
  end
  if flow.is_over then
    never(flow)
  end
  local value, err, is_over = raw_yield(TOKEN, true)
  kit.current = flow
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
  flow.path[#flow.path] = if err then err.type else "****"
  return with_failure(value, err)
end

function methods.menu(call, options)
  local flow = flow_of(call, "call:menu")
  note(flow, "menu:")
  local value, err = wait(flow, "menu", options)
  flow.path[#flow.path] = if err then err.type else value
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

function methods.bridge(call, options)
  local flow = flow_of(call, "call:bridge")
  note(flow, "bridge:")
  local leg, err = wait(flow, "bridge", options)
  flow.path[#flow.path] = if err then err.type else "connected"
  if err then
    return nil, setmetatable(err, failure)
  end
  return connected(flow, leg)
end

function methods.join_meeting(call, options)
  local flow = flow_of(call, "call:join_meeting")
  note(flow, "join_meeting:")
  local leg, err = wait(flow, "join_meeting", options)
  flow.path[#flow.path] = if err then err.type else "joined"
  if err then
    return nil, setmetatable(err, failure)
  end
  return connected(flow, leg)
end

function methods.wait(call, options)
  local flow = flow_of(call, "call:wait")
  note(flow, "wait:")
  local value, err = wait(flow, "wait", options)
  if err then
    flow.path[#flow.path] = err.type
    return nil, setmetatable(err, failure)
  end
  local what, detail = value[1], value[2]
  flow.path[#flow.path] = what
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
  flow.in_step = true
  local is_done, value = pcall(work)
  flow.in_step = false
  local raised = if is_done then value else tostring(value)
  local is_kept, kept, problem = host.flow_record(name, is_done, raised, place(2, "sl"))
  if problem then
    error(problem, 2)
  elseif not is_kept then
    never(flow)
  elseif not is_done then
    error(raised, 0)
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
    host.flow_request(requests, place(4, "sl"))
  end
  local replies = raw_yield(TOKEN, requests)
  kit.current = flow
  return replies
end

-- Numbers drawn from the call's id: the same in every replay.
function kit.random_in_flow(low, high)
  local drawn = host.flow_random()
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
  local shape = {
    __index = function(call, key)
      local method = methods[key]
      if method then
        return method
      end
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
      end
      return fields[key]
    end,
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
    path = {}, hooks = {}, legs = {},
    -- Whether the journal is asked, and whether what is queued is left out.
    replays = false, skips = false,
    in_step = false, is_over = false, is_farewell = false,
  }
  kit.current = flow
  local problem
  flow.replays, flow.skips, problem = host.flow_begin(flow)
  if problem then
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
