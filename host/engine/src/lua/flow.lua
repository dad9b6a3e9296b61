-- The Lua half of flows: how they are replayed, wait and end. It runs once per VM, after the
-- prelude; flow_methods.lua comes after it.
--
-- While a flow is replayed, its methods return what the journal says and nothing else happens. From
-- the step on that has not ended yet, each method is built, sent and waited for.

local host, kit = ...

local TOKEN, failure, any_case = kit.token, kit.failure, kit.any_case
local raw_yield, raw_running = coroutine.yield, coroutine.running
local error, type, typeof, tostring, setmetatable, pcall, next = error, type, typeof, tostring, setmetatable, pcall, next
local place = debug.info

-- The flow behind a call, and the one behind a leg. Weak both ways: a flow holds its legs, and
-- would hold itself for ever.
local flows = setmetatable({}, { __mode = "kv" })

-- Raises where a method has no place; `level` is that of the author's line.
local function check(flow, name, level)
  if not flow then
    error(`{name}: use a colon, such as call:say("Hello")`, level)
  end
  if kit.loading_threads[raw_running()] then
    error("a module cannot wait for the host while it loads; do it inside a function", level)
  end
  if flow.in_step then
    error(`{name}: not available inside call:step, where only helpers work; do it after the step`, level)
  elseif flow.in_parallel then
    error(`{name}: not available inside parallel, where only helpers work; do it afterwards`, level)
  end
  if flow.is_farewell then
    error(`{name}: the call is over; functions given to on_hangup can use only helpers`, level)
  end
end

local function flow_of(owner, name)
  local flow = flows[owner]
  -- What is done again was looked at when it was done.
  if not flow or not flow.replays or flow.in_step or flow.in_parallel then
    check(flow, name, 4)
  end
  return flow
end

-- A station of the caller's way, for the error that may end it. How it was left stands in
-- `path[stations]`; where none is told, at place 0, which nobody reads.
local function note(flow, name, text)
  if flow.at < flow.untold then
    return
  end
  local path, stations = flow.path, flow.stations
  path[stations + 1] = name
  path[stations + 2] = if text == nil then true else text
  flow.stations = stations + 2
end

-- Ends the flow here; no pcall sees it.
local function never(flow)
  raw_yield(TOKEN, "done")
  -- What resumes a flow that has ended all the same does not get further than this.
  while true do
    raw_yield(TOKEN, "done")
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

-- A number of 32 bits for a value. The order of a table's pairs says nothing; tables in tables
-- count to a depth.
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

-- What a step is, as a number. Once something was typed in confidence a script may make steps of
-- it, and a number that anybody can try out would tell what it was: from then on only who is asked
-- for what counts.
local function bare(kind, options)
  local sum = 0
  if kind == "request" then
    for _, request in options do
      sum = (sum * 31 + digest({ request.service, request.operation, request.kind, request.method }, 1)) % BITS
    end
  end
  return sum
end

-- The letters of the kinds of steps, as numbers.
local LETTERS = host.flow_kinds

-- A recording goes on whose pause or end has failed.
local GOES_ON = { PauseCallRecording = true, StopCallRecording = true }

local function learn(flow, err)
  if type(err) == "table" and GOES_ON[err.action] then
    flow.recording = "on"
  end
end

-- The digest of a step, 18 bits, from its number: `step_digest` of host/flow makes the same.
local function step_digest(kind, number)
  local sum = (number + LETTERS[kind] * 65599) % BITS
  return bit32.band(bit32.bxor(sum, bit32.rshift(sum, 15)), 0x3FFFF)
end

-- One step out of the journal: whether there was one, and its result.
local function replay(flow, kind, options)
  local number = flow.at + 1
  local recorded = flow.digests[number]
  if recorded == nil and kind ~= "request" and kind ~= "step" then
    -- This one has not ended yet; from here on everything is real.
    flow.replays = false
    flow.digests, flow.values, flow.errors, flow.times, flow.refusals = nil, nil, nil, nil, nil
    return false
  end
  local sum = if flow.has_secret then bare(kind, options) else digest(options, 6)
  if recorded ~= step_digest(kind, sum) then
    host.flow_differs(number - 1, LETTERS[kind])
    never(flow)
  end
  flow.at = number
  flow.queued = 0
  local err = flow.errors[number]
  if err then
    learn(flow, err)
    return true, nil, err
  end
  local value = flow.values[number]
  if value == flow then
    return true, nil
  end
  return true, value
end

-- The digest of a queued method that was refused: its number among those queued since the last step.
local function refusal(number)
  return step_digest("queued", digest(number, 0))
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
    -- What is queued behind the last step that sent something is needed: it may have to be sent again.
    if flow.at < flow.sent then
      return
    end
  end
  local problem = host.flow_queue(name, options, place(3, "sl"))
  if problem then
    if not flow.replays then
      host.flow_refused(LETTERS.queued, digest(number, 0), problem)
      flow.queued = 0
    end
    error(problem, 3)
  end
end

-- A step that is not in the journal yet; `level` is that of the author's line, seen from who calls this.
local function send(flow, kind, options, given, level)
  local number = if flow.has_secret then bare(kind, options) else digest(options, 6)
  local problem, unusable = host.flow_wait(LETTERS[kind], number, given or options, place(level + 1, "sl"))
  if unusable then
    -- Data that cannot be used: nothing was sent, and the call goes on.
    flow.queued = 0
    return nil, unusable
  end
  if problem then
    host.flow_refused(LETTERS[kind], number, problem)
    flow.queued = 0
    error(problem, level + 1)
  end
  if flow.is_over then
    never(flow)
  end
  local value, err, is_over = raw_yield(TOKEN, "wait")
  kit.current = flow
  flow.queued = 0
  flow.is_over = is_over
  if err then
    learn(flow, err)
  end
  return value, err
end

-- A step of a flow that is known. Called by a method that the author called: level 3 is the
-- author's line. `given` is what the step is made from, where that is not what its digest is made
-- from.
local function wait(flow, kind, options, given)
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
  return send(flow, kind, options, given, 3)
end

-- The same from the call on, with a station of the caller's way: the flow, and the result of the
-- step. A replay comes here hundreds of times: so it is one function, and not one that calls three.
local function wait_at(call, station, kind, options)
  local flow = flows[call]
  local replays = flow and flow.replays
  if not replays or flow.in_step or flow.in_parallel then
    check(flow, `call:{kind}`, 4)
  end
  if flow.at >= flow.untold then
    note(flow, station)
  end
  if replays then
    local is_found, value, err = replay(flow, kind, options)
    if is_found then
      if type(err) == "string" then
        error(err, 3)
      end
      return flow, value, err
    end
  end
  return flow, send(flow, kind, options, nil, 3)
end

local function with_failure(value, err)
  if err then
    return nil, setmetatable(err, failure)
  end
  return value
end

-- The methods of `call` and of its legs; flow_methods.lua writes them.
kit.methods, kit.leg_methods = {}, {}

local any_leg = { __index = kit.leg_methods, __metatable = false }

-- The leg's own methods, and a place among the call's legs.
local function connected(flow, leg)
  flows[leg] = flow
  flow.legs[leg.tag] = leg
  return setmetatable(leg, any_leg)
end

-- What the methods are made of.
kit.flow = {
  of = flow_of, note = note, wait_at = wait_at, queue = queue, wait = wait, replay = replay, never = never,
  with_failure = with_failure, connected = connected, number_of = number_of,
}
