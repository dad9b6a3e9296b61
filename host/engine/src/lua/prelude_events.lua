-- The second part of the prelude, in one chunk with prelude.lua: modules, `call`, handlers, and
-- what Rust calls.

---------------------------------------------------------------------------------------------------- modules

local LOADING = {}

-- Runs the main function of a file in a thread of its own and returns the module: one per file and
-- event. `required` is told, where there is one, which files others require.
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
local function serve(file, event_key, action_key, seed)
  host_threads[raw_running()] = true
  kit.current = nil
  raw_randomseed(seed)
  local script = load_module(file, {}, {}).value
  if type(script) == "function" or host.flow_became() then
    return kit.run_flow(script)
  end
  local call = view(host.call_attributes())
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
  return "handled", call, handler(host.event_document(), call), handler
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

-- What loads several files outside of any event, each once: a function of a file's name that
-- returns what the file does. `required` gets the names of those that others require.
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
