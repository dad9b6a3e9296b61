-- A queue of callers, over storage: they join, hear their position, and agents take the next one.
--
-- Costs two requests to join and to leave, one for each position, and what `@std/hold` costs. `storage` writes the whole list:
-- two who change it within the same moment may undo one another's change. For lines with many callers a minute, give `store`, with functions over `@std/dynamodb`.

local hold = require("@std/hold")
local texts = require("@std/texts")

local queue = {}

-- Who waits: the id of the call, its number and its application, and since when.
export type Waiting = { id: string, from: string?, at: number }

-- Where the list is: `get` gives it, and `put` replaces it; nil and an error where that fails.
export type Store = { get: (string) -> (any, any), put: (string, any) -> (any, any) }

-- What can be set. `key` is where the queue is. `most` is how many it takes (default: 50), and `forget` after how many seconds
-- somebody counts as gone (default: 3600). The rest is as in `@std/hold`.
export type Options = {
  key: string, most: number?, forget: number?, store: Store?, hold: any?, language: string?, texts: { [string]: any }?,
}

-- Every sentence, by language.
queue.texts = {
  en = { full = "We are sorry, too many callers are waiting.", failed = "We are sorry, the queue is not available." },
  es = { full = "Lo sentimos, hay demasiadas llamadas en espera.", failed = "Lo sentimos, la cola no está disponible." },
  fr = { full = "Désolés, trop d'appels sont en attente.", failed = "Désolés, la file n'est pas disponible." },
  de = { full = "Leider warten zu viele Anrufe.", failed = "Leider ist die Warteschlange nicht zu erreichen." },
}

local function store_of(options: Options): Store
  return options.store or { get = storage.get, put = storage.put }
end

-- Who waits, without those who must be gone; nil and an error where that is not known.
local function list_of(options: Options): ({ Waiting }?, any)
  local kept, err = store_of(options).get(options.key)
  if err then
    return nil, err
  end
  local list = {}
  for _, waiting in if type(kept) == "table" then kept else {} do
    if time.now() - waiting.at < (options.forget or 3600) then
      list[#list + 1] = waiting
    end
  end
  return list
end

local function place_in(list: { Waiting }, id: string): number?
  for place, waiting in list do
    if waiting.id == id then
      return place
    end
  end
  return nil
end

-- Joins a call to the queue. Returns its position, 1 for the first; or nil and an error: `full` where it takes no more.
function queue.join(call: Call, options: Options): (number?, any)
  local list, err = list_of(options)
  if not list then
    return nil, err
  end
  local place = place_in(list, call.id)
  if place then
    return place
  end
  if #list >= (options.most or 50) then
    return nil, { type = "full", message = "too many wait" }
  end
  list[#list + 1] = { id = call.id, from = call.from, at = time.now() }
  local is_kept, failed = store_of(options).put(options.key, list)
  if not is_kept then
    return nil, failed
  end
  return #list
end

-- How many are before a call; nil where that is not known.
function queue.before(id: string, options: Options): number?
  local list = list_of(options)
  local place = list and place_in(list, id)
  return if place then place - 1 else nil
end

-- Takes a call out of the queue. Works in on_hangup too.
function queue.leave(id: string, options: Options)
  local list, err = list_of(options)
  local place = list and place_in(list, id)
  if list and place then
    table.remove(list, place)
    local _, failed = store_of(options).put(options.key, list)
    err = failed
  end
  if err then
    log.warn("a caller who has left is still in the queue", { reason = err.type })
  end
end

-- Takes the next caller for an agent: who waits longest, and nil where nobody waits. Tell their call with
-- `chime.update_call { transaction_id = next.id, … }` where the agent is.
function queue.next(options: Options): (Waiting?, any)
  local list, err = list_of(options)
  if not list then
    return nil, err
  end
  local first = table.remove(list, 1)
  if first then
    local _, failed = store_of(options).put(options.key, list)
    if failed then
      return nil, failed
    end
  end
  return first
end

-- Joins, holds the caller until an agent has taken them, and leaves. Returns as `@std/hold` does; or nil and an error.
function queue.wait(call: Call, options: Options): (any, any)
  if type(options) ~= "table" or type(options.key) ~= "string" then
    error('queue.wait: wanted { key = "queues/…" }', 2)
  end
  local text = texts.of(call, queue.texts, options)
  local place, err = queue.join(call, options)
  if not place then
    texts.tell(call, text(if err.type == "full" then "full" else "failed"))
    return nil, err
  end
  call:on_hangup(function() queue.leave(call.id, options) end)
  local holding = table.clone(options.hold or {})
  holding.language = holding.language or options.language
  holding.position = function() return queue.before(call.id, options) end
  local what, detail = hold.wait(call, holding)
  -- Who was taken by an agent is out already.
  if what ~= "update" then
    queue.leave(call.id, options)
  end
  return what, detail
end

return queue
