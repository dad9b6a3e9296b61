-- The second part of flow.lua, in one chunk with it: requests, chance, `call` as flows have it, and
-- the run of a flow.

-- The author's line, from this level on: a helper of the standard library may stand between.
local function authors_place(level)
  repeat
    level += 1
    local file, line = place(level, "sl")
    if file == nil or string.sub(file, 1, 4) ~= "@std" then
      return file, line
    end
  until false
end

-- Requests of helpers, on behalf of a flow. Level 5 is the author's line: a helper stands between,
-- what all helpers share, and the prelude's `ask`.
function kit.ask_in_flow(flow, requests)
  if flow.in_parallel then
    error("parallel: its functions must make requests themselves, not in coroutines that they create", 5)
  end
  local is_recorded = not flow.in_step and not flow.is_farewell
  local replays = is_recorded and flow.replays
  -- What was refused before is refused again in a replay; one alone is small enough, its helper has
  -- seen to that.
  if not replays or #requests > 1 then
    local problem = host.ask(requests, authors_place(5))
    if problem then
      error(problem, 5)
    end
  end
  if replays then
    local _, replies = replay(flow, "request", requests)
    return replies
  end
  if is_recorded then
    host.flow_request(if flow.has_secret then bare("request", requests) else digest(requests, 6), authors_place(5))
    flow.queued = 0
  else
    host.flow_request(nil)
  end
  local replies = raw_yield(TOKEN, "ask")
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

-- Of what a stranger chooses the length, not all may be kept: what is looked for in vain is said, and is nil.
local function keeps_part(what, any_case_index)
  return {
    __index = function(map, name)
      local found = any_case_index and any_case_index(map, name)
      if found == nil and type(name) == "string" then
        host.log("warn", `{what}["{name}"] is not there; some were dropped, because all of them together are too long to save with the call`, nil)
      end
      return found
    end,
    __metatable = false,
  }
end

-- The first leg has no method of its own.
local first_leg = {
  __index = {
    hangup = function()
      error("call.legs[\"LEG-A\"]:hangup(): the first leg is the call; write call:hangup()", 2)
    end,
  },
  __metatable = false,
}

-- The legs of a flow; the first one is made when they are first looked at.
local function legs_of(flow)
  if not flow.has_first_leg then
    flow.has_first_leg = true
    local leg = not flow.legs["LEG-A"] and host.flow_first_leg()
    if leg then
      flow.legs["LEG-A"] = leg
      flows[leg] = flow
      setmetatable(leg, first_leg)
    end
  end
  return flow.legs
end

-- What is looked for in `call` is a method, or is found here. All calls share this: only the flow
-- at hand runs, and it has no other call than its own.
setmetatable(kit.methods, {
  __index = function(_, key)
    local flow = kit.current
    if key == "legs" then
      return legs_of(flow)
    elseif key == "voice" then
      return flow.voice
    elseif key == "attributes" then
      error("call.attributes: a flow has none; use local variables, which a flow keeps", 2)
    elseif key == "sip_headers" then
      flow.headers = flow.headers or host.flow_headers(any_case, keeps_part("call.sip_headers", any_case.__index))
      return flow.headers
    elseif key == "arguments" then
      flow.arguments = flow.arguments or host.flow_arguments(keeps_part("call.arguments"))
      return flow.arguments
    end
    flow.fields = flow.fields or host.flow_fields()
    return flow.fields[key]
  end,
})

local any_call = {
  __index = kit.methods,
  __newindex = function(_, key, value)
    if key ~= "voice" then
      error(`call.{tostring(key)} cannot be set; use a local variable, which a flow keeps`, 2)
    end
    local problem = host.flow_voice(value)
    if problem then
      error(problem, 2)
    end
    kit.current.voice = value
  end,
  __metatable = false,
}

-- Runs a flow from its beginning; it comes to its end only where nothing is left to be waited for.
function kit.run_flow(script)
  local flow = {
    path = {}, stations = 0, hooks = {}, legs = {},
    -- Of a long way only the end is told: so many steps are not noted in a replay.
    untold = 0,
    -- Whether the journal is asked, how far it has been, and its last step that sent something.
    replays = false, at = 0, sent = 0,
    -- `in_step` is the thread in which the function of a step runs.
    in_step = false, in_parallel = false, is_over = false, is_farewell = false,
    -- Whether something was typed in confidence; and what is known of a recording of the call: "on"
    -- or "paused".
    has_secret = false, recording = nil,
    -- How many methods were queued since the last step, and which of those that the journal knows
    -- were refused.
    queued = 0, refusals = nil,
    -- What `call` says of itself, once a script has looked.
    fields = nil, headers = nil, arguments = nil, voice = nil, has_first_leg = false,
    -- What the flow before this one has handed over.
    state = nil, carried = nil, meeting = nil,
  }
  kit.current = flow
  local problem = host.flow_begin(flow)
  if problem == "over" then
    return "farewell"
  elseif problem then
    return "flow_problem", nil, problem
  end
  if type(script) ~= "function" then
    return "no_flow", nil, typeof(script)
  end
  local call = setmetatable({}, any_call)
  flows[call] = flow
  -- A flow that another has become has its legs, and what that one had to say.
  for _, leg in flow.carried or {} do
    connected(flow, leg)
  end
  local meeting = flow.meeting
  if meeting then
    meeting.leg = legs_of(flow)[meeting.tag]
  end
  script(call, flow.state)
  wait(flow, "end")
  never(flow)
end

-- What was given to on_hangup, once, in its order.
function kit.farewell(flow, why, by, code)
  kit.host_threads[raw_running()] = true
  kit.current = flow
  flow.is_farewell = true
  for _, hook in flow.hooks do
    local is_done, problem = pcall(hook, why, { by = by, code = code })
    if not is_done then
      host.hook_failed(`a function given to on_hangup failed: {tostring(problem)}`)
    end
  end
  return "farewell"
end

kit.legs_of = legs_of
