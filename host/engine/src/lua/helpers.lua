-- What scripts ask of the outside. It runs once per VM, after the prelude.
--
-- Every helper makes a request and asks for it: `ask` hands it to the host, which carries it out,
-- and in a flow records the reply.

local host, library, kit = ...

local failure, ask = kit.failure, kit.ask
local TOKEN, BRANCH = kit.token, kit.branch_token
local error, type, typeof, tostring, setmetatable, select = error, type, typeof, tostring, setmetatable, select
local raw_create, raw_resume, raw_yield, raw_running = coroutine.create, coroutine.resume, coroutine.yield, coroutine.running
local raw_status = coroutine.status
local pack, unpack = table.pack, table.unpack
local gsub, format, byte = string.gsub, string.format, string.byte
local place = debug.info

-- The output of a request, or nil and why not. Called by a helper that the author called: level 3
-- is the author's line.
local function output_of(request, problem, is_data)
  if is_data then
    host.warn_of_data(problem, place(3, "sl"))
    return nil, setmetatable({ type = "invalid", message = problem }, failure)
  elseif not request then
    error(problem, 3)
  end
  local reply = ask({ request })[1]
  if reply.error_type then
    return nil, setmetatable({ type = reply.error_type, message = reply.message, code = reply.code }, failure)
  end
  return reply.output
end

-- A reply over HTTP, with what its body is as JSON.
local function with_json(output, err)
  if output then
    local is_read, value = host.json_decode(output.body)
    if is_read then
      output.json = value
    end
  end
  return output, err
end

---------------------------------------------------------------------------------------------------- aws

local aws = {}

-- One operation of an AWS service.
function aws.json(options)
  local output, err = output_of(host.aws_json(options))
  return output, err
end

-- A signed request: what came back.
function aws.request(options)
  local output, err = output_of(host.aws_request(options))
  return with_json(output, err)
end

library.aws = aws

---------------------------------------------------------------------------------------------------- chime

local chime = {}

for _, name in host.chime_names do
  chime[name] = function(options)
    local request, problem, is_data = host.chime_request(name, options)
    local output, err = output_of(request, problem, is_data)
    if err then
      return nil, err
    end
    return host.chime_result(name, output, request)
  end
end

library.chime = chime

---------------------------------------------------------------------------------------------------- http

local http = {}

function http.request(options)
  local output, err = output_of(host.http_request("http.request", options))
  return with_json(output, err)
end

-- The table of a request, of an author's arguments.
local function with(what, url, body, options)
  if options ~= nil and type(options) ~= "table" then
    error(`{what}: the options are a {typeof(options)}; wanted a table`, 3)
  end
  local all = if options then table.clone(options) else {}
  all.url, all.body = url, body
  return all
end

function http.get(url, options)
  local output, err = output_of(host.http_request("http.get", with("http.get", url, nil, options)))
  return with_json(output, err)
end

function http.post(url, body, options)
  body = if body == nil then "" else body
  local output, err = output_of(host.http_request("http.post", with("http.post", url, body, options)))
  return with_json(output, err)
end

library.http = http

---------------------------------------------------------------------------------------------------- url

-- One byte as %41; letters, digits and - . _ ~ stay as they are, as in the signatures of AWS.
local function escaped(letter)
  return format("%%%02X", byte(letter))
end

library.url = {
  escape = function(text)
    if type(text) ~= "string" and type(text) ~= "number" then
      error(`url.escape: got a {typeof(text)}; wanted a string or a number`, 2)
    end
    return (gsub(tostring(text), "[^%w%-%._~]", escaped))
  end,
}

---------------------------------------------------------------------------------------------------- storage

local storage = {}

for _, name in { "get", "put", "put_new", "delete" } do
  storage[name] = function(key, value)
    local output, err = output_of(host.storage_request(name, key, value))
    return output, err
  end
end

library.storage = storage

---------------------------------------------------------------------------------------------------- phone

library.phone = {
  -- A number as people write it; without a country, as they do where the call's own number is.
  parse = function(text, country)
    if type(text) ~= "string" or (country ~= nil and type(country) ~= "string") then
      error(`phone.parse: got a {typeof(text)} and a {typeof(country)}; wanted a number as a string, and optionally a country, such as "US"`, 2)
    end
    local told, problem = host.phone_parse(text, country)
    if not told then
      return nil, setmetatable({ type = "invalid", message = problem }, failure)
    end
    return told
  end,
}

---------------------------------------------------------------------------------------------------- time, random, metric

local os_time = library.os.time

library.time = {
  now = function()
    return os_time()
  end,
  at = function(zone, seconds)
    if type(zone) ~= "string" or (seconds ~= nil and type(seconds) ~= "number") then
      error(`time.at: got a {typeof(zone)} and a {typeof(seconds)}; wanted a time zone, such as "Europe/Berlin", and optionally seconds since 1970`, 2)
    end
    -- What is no time that there is becomes one that the host refuses.
    if seconds ~= nil and not (math.abs(seconds) < 1e15) then
      seconds = 1e15
    end
    local told, problem = host.time_at(zone, math.floor(if seconds == nil then os_time() else seconds))
    if not told then
      host.warn_of_data(problem, place(2, "sl"))
      return nil, setmetatable({ type = "invalid", message = problem }, failure)
    end
    return told
  end,
}

local draw = library.math.random

library.random = {
  integer = function(low, high)
    if type(low) ~= "number" or type(high) ~= "number" or low % 1 ~= 0 or high % 1 ~= 0 or low > high then
      error("random.integer: wanted two whole numbers, the lower one first", 2)
    end
    return draw(low, high)
  end,
  choice = function(list)
    if type(list) ~= "table" or #list == 0 then
      error("random.choice: wanted a list with at least one item", 2)
    end
    return list[draw(1, #list)]
  end,
}

library.metric = {
  count = function(name, number, dimensions)
    if type(name) ~= "string" or (number ~= nil and type(number) ~= "number") then
      error(`metric.count: got a {typeof(name)} and a {typeof(number)}; wanted a name and a number`, 2)
    end
    local problem = host.metric_count(name, if number == nil then 1 else number, dimensions, place(2, "sl"))
    if problem then
      error(problem, 2)
    end
  end,
}

---------------------------------------------------------------------------------------------------- parallel

-- As deep in the stack as `output_of`: places are found by counting calls.
local function all_of(requests)
  local replies = ask(requests)
  return replies
end

-- The functions run side by side: what they ask for in the same moment is carried out together.
-- What each returns first, in their order; behind that, where any of them returned nil and an
-- error, a table of these errors by the functions' places.
function library.parallel(...)
  local count = select("#", ...)
  if count > host.most_requests then
    error(`parallel: got {count} functions; the limit is {host.most_requests}`, 2)
  end
  local branches, results, errors = {}, { n = count }, nil
  for index = 1, count do
    local work = select(index, ...)
    if type(work) ~= "function" then
      error(`parallel: argument {index} is a {typeof(work)}; wanted functions`, 2)
    end
    local thread = raw_create(work)
    branches[index] = { thread = thread, replies = {} }
    kit.branches[thread], kit.host_threads[thread] = true, true
  end
  repeat
    local requests, waiting = {}, {}
    for index, branch in branches do
      if branch.replies then
        local flow = kit.current
        local was_in_parallel = flow and flow.in_parallel
        if flow then
          flow.in_parallel = true
        end
        local came = pack(raw_resume(branch.thread, branch.replies))
        if flow then
          flow.in_parallel = was_in_parallel
        end
        branch.replies = nil
        if not came[1] then
          error(came[2], 0)
        elseif raw_status(branch.thread) == "dead" then
          results[index] = came[2]
          if came[2] == nil and came[3] ~= nil then
            errors = errors or {}
            errors[index] = came[3]
          end
        else
          -- The branch asks itself, or a coroutine of its own does.
          local asked = if came[2] == BRANCH then came[3] elseif came[2] == TOKEN and came[3] == "ask" then came[4] else nil
          if not asked then
            error("parallel: its functions can use only helpers, not methods of call or coroutine.yield", 2)
          end
          waiting[#waiting + 1] = { branch = branch, first = #requests + 1, count = #asked }
          table.move(asked, 1, #asked, #requests + 1, requests)
        end
      end
    end
    if #waiting > 0 then
      local replies = all_of(requests)
      for _, one in waiting do
        one.branch.replies = table.move(replies, one.first, one.first + one.count - 1, 1, {})
      end
    end
  until #waiting == 0
  if errors then
    results[count + 1] = errors
    return unpack(results, 1, count + 1)
  end
  return unpack(results, 1, count)
end
