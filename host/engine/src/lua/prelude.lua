-- The Lua half of the host: what scripts call by name. It runs once per VM, before the sandbox closes.
--
-- The Rust functions in `host` answer with a value, or with nil and a message; what raises is in
-- here, so that an error stands at the author's own line (level 2) and reaches a pcall as plain
-- text.

local host, library = ...

-- What the other files share with this one: `current` is the flow at hand, if any; `branches` are
-- threads of parallel.
local kit = { branches = setmetatable({}, { __mode = "k" }) }

local raw_create, raw_resume, raw_yield = coroutine.create, coroutine.resume, coroutine.yield
local raw_status, raw_running, raw_close = coroutine.status, coroutine.running, coroutine.close
local pack, unpack, find_next = table.pack, table.unpack, next
local error, type, typeof, tostring, select, setmetatable = error, type, typeof, tostring, select, setmetatable
local lower = string.lower

-- What a coroutine yields first when it speaks to the host, and what a branch of parallel yields to
-- parallel. Both are bare marks: nothing can be written into them, who gets hold of one. What
-- is asked for goes to the host by `host.ask`, and never in a yield.
local TOKEN, BRANCH = host.token, host.branch_token

-- Threads that belong to the host, branches of parallel among them: no function of a script's touches them.
local host_threads = setmetatable({}, { __mode = "k" })
-- Coroutines of the author's that wait for the host: nobody else may go on with them.
local waiting_threads = setmetatable({}, { __mode = "k" })
-- Threads in which a module loads: there a script may not wait for the host either.
local loading_threads = setmetatable({}, { __mode = "k" })

-- Asks the host to carry out a list of requests; the replies come back in their order. Level 4 is
-- the author's line: a helper stands between, and what all helpers share.
local place = debug.info

local function ask(requests)
  if kit.branches[raw_running()] then
    -- One of several side by side: they are asked for together.
    return raw_yield(BRANCH, requests)
  end
  if loading_threads[raw_running()] then
    error("a module cannot wait for the host while it loads; do it inside a function", 4)
  end
  local flow = kit.current
  if flow then
    return kit.ask_in_flow(flow, requests)
  end
  local problem = host.ask(requests, place(4, "sl"))
  if problem then
    error(problem, 4)
  end
  local replies = raw_yield(TOKEN, "ask", requests)
  kit.current = nil
  return replies
end

---------------------------------------------------------------------------------------------------- coroutine

-- A coroutine of the author's may ask the host: its request goes outward through who resumed it.
local function resume(thread, ...)
  if host_threads[thread] then
    return false, "cannot resume a coroutine that belongs to the host"
  elseif waiting_threads[thread] then
    return false, "cannot resume a coroutine that waits for the host"
  end
  local results = pack(raw_resume(thread, ...))
  while results[1] and results[2] == TOKEN do
    if loading_threads[raw_running()] then
      error("a module cannot wait for the host while it loads; do it inside a function", 2)
    end
    waiting_threads[thread] = true
    local came = pack(raw_yield(unpack(results, 2, results.n)))
    waiting_threads[thread] = nil
    results = pack(raw_resume(thread, unpack(came, 1, came.n)))
  end
  return unpack(results, 1, results.n)
end

local function status(thread)
  if host_threads[thread] then
    local is_dead = raw_status(thread) == "dead"
    return if thread == raw_running() then "running" elseif is_dead then "dead" else "normal"
  end
  return raw_status(thread)
end

local function close(thread)
  if host_threads[thread] then
    error("coroutine.close: this coroutine belongs to the host", 2)
  elseif waiting_threads[thread] then
    error("coroutine.close: the coroutine is waiting for the host", 2)
  end
  return raw_close(thread)
end

local function yield(...)
  local thread = raw_running()
  -- What a branch of parallel yields, parallel itself refuses.
  if host_threads[thread] and not kit.branches[thread] then
    error("coroutine.yield: not inside a coroutine of your own; there is nothing to yield to", 2)
  elseif kit.current and kit.current.in_step == raw_running() then
    error("coroutine.yield: a function given to call:step cannot yield; it must run until it returns", 2)
  end
  return raw_yield(...)
end

local function wrap(body)
  if type(body) ~= "function" then
    error(`coroutine.wrap: got a {typeof(body)}; wanted a function`, 2)
  end
  local thread = raw_create(body)
  return function(...)
    local results = pack(resume(thread, ...))
    if not results[1] then
      -- As it was raised: its own place is in it already.
      error(results[2], 0)
    end
    return unpack(results, 2, results.n)
  end
end

library.coroutine = {
  create = raw_create, resume = resume, yield = yield, wrap = wrap, status = status, running = raw_running,
  close = close, isyieldable = coroutine.isyieldable,
}

---------------------------------------------------------------------------------------------------- action

local action = {}

for _, name in host.action_names do
  action[name] = function(options)
    local built, problem = host.build_action(name, options, place(2, "sl"))
    if not built then
      error(problem, 2)
    end
    return built
  end
end

function action.raw(options)
  local built, problem = host.build_raw_action(options, place(2, "sl"))
  if not built then
    error(problem, 2)
  end
  return built
end

setmetatable(action, {
  __index = function(_, name)
    error(host.unknown_action(tostring(name)), 2)
  end,
  __metatable = false,
})

library.action = action

---------------------------------------------------------------------------------------------------- log, print

local log = {}

for _, level in host.log_levels do
  log[level] = function(message, fields)
    local problem = host.log(level, tostring(message), fields)
    if problem then
      error(problem, 2)
    end
  end
end

library.log = log

function library.print(...)
  local parts = pack(...)
  for index = 1, parts.n do
    parts[index] = tostring(parts[index])
  end
  host.log("info", table.concat(parts, "\t"), nil)
end

---------------------------------------------------------------------------------------------------- json

local json = {}

-- A failure of the outside world, as scripts get it behind a nil.
local failure = {
  __tostring = function(err)
    return `{err.type}: {err.message}`
  end,
  __metatable = false,
}

function json.encode(value)
  local text, problem = host.json_encode(value)
  if not text then
    error(problem, 2)
  end
  return text
end

function json.decode(text)
  if type(text) ~= "string" then
    error(`json.decode: got a {typeof(text)}; wanted a string`, 2)
  end
  local is_read, value = host.json_decode(text)
  if not is_read then
    return nil, setmetatable({ type = "invalid", message = value }, failure)
  end
  return value
end

function json.array(list)
  if type(list) ~= "table" then
    error(`json.array: got a {typeof(list)}; wanted a table`, 2)
  end
  return setmetatable(list, host.list_mark)
end

library.json = json

---------------------------------------------------------------------------------------------------- debug

-- Where a function is written, but never the function itself: the stack holds the host's own.
local raw_info, raw_traceback = debug.info, debug.traceback

library.debug = {
  info = function(...)
    local options = select(if type((...)) == "thread" then 3 else 2, ...)
    if type(options) == "string" and string.find(options, "f", 1, true) then
      error("debug.info: \"f\" is not available; wanted one or more of s, l, n and a", 2)
    end
    -- One level further out: this function stands between.
    if type((...)) == "number" then
      return raw_info((...) + 1, options)
    end
    return raw_info(...)
  end,
  traceback = raw_traceback,
}

---------------------------------------------------------------------------------------------------- math

-- In a flow chance is the call's own: other calls and replays draw from nothing else.
local raw_random, raw_randomseed = math.random, math.randomseed

library.math = table.clone(math)

function library.math.random(...)
  if kit.current then
    return kit.random_in_flow(...)
  end
  return raw_random(...)
end

function library.math.randomseed(...)
  if kit.current then
    error("math.randomseed: a flow cannot set the seed; its random numbers come from the call's id", 2)
  end
  raw_randomseed(...)
end

---------------------------------------------------------------------------------------------------- os

-- The clock is the event's time: the same for the whole event, in UTC.
local raw_time, raw_date, raw_difftime = os.time, os.date, os.difftime

-- A flow that is replayed is where it was.
local function now()
  local flow = kit.current
  if flow and flow.replays then
    return flow.times[flow.at]
  end
  return host.now()
end

library.os = {
  time = function(parts)
    if parts == nil then
      return now()
    end
    return raw_time(parts)
  end,
  date = function(format, time)
    format = if format == nil then "!%c" elseif string.sub(format, 1, 1) == "!" then format else `!{format}`
    return raw_date(format, if time == nil then now() else time)
  end,
  difftime = raw_difftime,
}

---------------------------------------------------------------------------------------------------- string

-- A long literal text is looked for in linear time. Luau's own search is quadratic, inside one
-- native call that nothing can stop; for short texts it is the faster one.
local raw_find = string.find
local LONG = 32
local MAGIC = "[%^%$%*%+%?%.%(%[%%%-]"

function string.find(text, pattern, init, plain)
  if type(text) == "string" and type(pattern) == "string" and #pattern > LONG and (init == nil or type(init) == "number") then
    if plain or not raw_find(pattern, MAGIC) then
      local start = if init == nil then 1 elseif init < 0 then math.max(#text + init + 1, 1) else math.max(init, 1)
      local first, last = host.find(text, pattern, start)
      if first == nil then
        return nil
      end
      return first, last
    end
  end
  return raw_find(text, pattern, init, plain)
end
