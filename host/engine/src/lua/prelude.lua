-- The Lua half of the host: what scripts call by name. It runs once per VM, before the sandbox closes.
--
-- The Rust functions in `host` answer with a value, or with nil and a message; what raises is in here, so that an error
-- stands at the author's own line (level 2) and reaches a pcall as plain text.

local host, library = ...

-- What the other files share with this one: `current` is the flow at hand, if any; `branches` are threads of parallel.
local kit = { branches = setmetatable({}, { __mode = "k" }) }

local raw_create, raw_resume, raw_yield = coroutine.create, coroutine.resume, coroutine.yield
local raw_status, raw_running, raw_close = coroutine.status, coroutine.running, coroutine.close
local pack, unpack, find_next = table.pack, table.unpack, next
local error, type, typeof, tostring, select, setmetatable = error, type, typeof, tostring, select, setmetatable
local lower = string.lower

-- What a coroutine yields first when it speaks to the host, and what a branch of parallel yields to parallel. Both are bare marks:
-- nothing can be written into them, whoever gets hold of one. What is asked for goes to the host by `host.ask`, and never in a yield.
local TOKEN, BRANCH = host.token, host.branch_token

-- Threads that belong to the host, branches of parallel among them: no function of a script's touches them.
local host_threads = setmetatable({}, { __mode = "k" })
-- Coroutines of the author's that wait for the host: nobody else may go on with them.
local waiting_threads = setmetatable({}, { __mode = "k" })
-- Threads in which a module loads: there a script may not wait for the host either.
local loading_threads = setmetatable({}, { __mode = "k" })

-- Asks the host to carry out a list of requests; the replies come back in their order. Level 4 is the author's line: a helper stands between, and
-- what all helpers share.
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
  local problem = host.ask(requests)
  if problem then
    error(problem, 4)
  end
  local replies = raw_yield(TOKEN, "ask", requests)
  kit.current = nil
  return replies
end

---------------------------------------------------------------------------------------------------- coroutine

-- A coroutine of the author's may ask the host: its request goes outward through whoever resumed it.
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
local place = debug.info

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

-- A long literal text is looked for in linear time. Luau's own search is quadratic, inside one native call that nothing
-- can stop; for short texts it is the faster one.
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

---------------------------------------------------------------------------------------------------- modules

local LOADING = {}

-- Runs the main function of a file in a thread of its own and returns the module: one per file and event. `required` is told, where there is
-- one, which files others require.
local function load_module(file, modules, chain, required)
  modules[file] = LOADING
  chain[#chain + 1] = file

  local function require(name)
    if type(name) ~= "string" then
      error(`require: got a {typeof(name)}; wanted a path such as "./menu" or "@std/ssml"`, 2)
    end
    local wanted, problem = host.resolve(file, name)
    if not wanted then
      error(problem, 2)
    end
    if required then
      required[wanted] = true
    end
    local known = modules[wanted]
    if known == LOADING then
      error(`require("{name}"): the files require each other: {table.concat(chain, " -> ")} -> {wanted}`, 2)
    elseif known == nil then
      known = load_module(wanted, modules, chain, required)
    end
    if known.value == nil then
      error(`require("{name}"): {wanted} returns nothing; a module returns one value, usually a table`, 2)
    end
    return known.value
  end

  local thread = raw_create(host.instantiate(file, require))
  host_threads[thread] = true
  loading_threads[thread] = true
  local is_loaded, value = raw_resume(thread)
  chain[#chain] = nil
  if not is_loaded then
    modules[file] = nil
    error(value, 0)
  end
  local module = { value = value }
  modules[file] = module
  return module
end

---------------------------------------------------------------------------------------------------- call

-- SIP header names are the same in any case.
local any_case = {
  __index = function(headers, name)
    if type(name) == "string" then
      local wanted = lower(name)
      for key, value in find_next, headers do
        if lower(key) == wanted then
          return value
        end
      end
    end
    return nil
  end,
  __metatable = false,
}

local function view(attributes)
  local shape
  shape = {
    -- Made when a script first looks: many never do.
    __index = function(_, key)
      local fields = host.call_fields(any_case)
      shape.__index = fields
      return fields[key]
    end,
    __newindex = function(call, key, value)
      if key ~= "attributes" then
        error(`call.{tostring(key)} cannot be set; keep values in call.attributes`, 2)
      end
      rawset(call, key, value)
    end,
    __metatable = false,
  }
  return setmetatable({ attributes = attributes }, shape)
end

---------------------------------------------------------------------------------------------------- handlers

-- Runs the handler of one event. Returns what became of it, and what that needs.
local function serve(file, event_key, action_key, event, attributes, seed)
  host_threads[raw_running()] = true
  kit.current = nil
  raw_randomseed(seed)
  local script = load_module(file, {}, {}).value
  if type(script) == "function" or host.flow_became() then
    return kit.run_flow(script)
  end
  local call = view(attributes)
  if type(script) ~= "table" then
    return "no_handlers", call, typeof(script)
  end
  local handler = script[event_key]
  if type(handler) == "table" then
    local by_action = handler
    handler = if action_key then by_action[action_key] else nil
    if handler == nil then
      handler = by_action.default
    end
  end
  if handler == nil then
    handler = script.default
  end
  if handler == nil then
    return "unhandled", call
  elseif type(handler) ~= "function" then
    return "no_function", call, typeof(handler)
  end
  return "handled", call, handler(event, call), handler
end

for _, shared in { failure, any_case } do
  table.freeze(shared)
end

-- What a file returns, outside of any event.
local function evaluate(file)
  kit.current = nil
  host_threads[raw_running()] = true
  return load_module(file, {}, {}).value
end

-- What loads several files outside of any event, each once: a function of a file's name that returns what the file does. `required` gets the names
-- of those that others require.
local function loader(required)
  kit.current = nil
  local modules = {}
  return function(file)
    host_threads[raw_running()] = true
    local known = modules[file]
    return (known or load_module(file, modules, {}, required)).value
  end
end

kit.token, kit.branch_token, kit.failure, kit.any_case, kit.ask = TOKEN, BRANCH, failure, any_case, ask
kit.host_threads, kit.loading_threads = host_threads, loading_threads

return { serve = serve, evaluate = evaluate, loader = loader, kit = kit }
