-- A queue of callers, over storage: they join, hear their position, and agents take the next one.
--
-- Each caller has a ticket, an object of its own, so nobody's place is lost with somebody else's. Costs four requests to join, two
-- for each position, one to leave, and what `@std/hold` costs. Two callers who join within the same moment may get one ticket, and
-- two agents who ask within the same moment one caller.

local hold = require("@std/hold")
local texts = require("@std/texts")

local queue = {}

-- Who waits: the id of the call, its number, and since when.
export type Waiting = { id: string, from: string?, at: number }

-- What can be set. `key` is where the tickets are in `storage`. `most` is how many wait (default: 50), and `forget` after how many
-- seconds somebody counts as gone (default: 3600). `hold` is what `@std/hold` takes.
export type Options = {
  key: string, most: number?, forget: number?, hold: any?, language: string?, texts: { [string]: any }?,
}

-- Every sentence, by language.
queue.texts = {
  en = { full = "We are sorry, too many callers are waiting.", failed = "We are sorry, the queue is not available." },
  es = { full = "Lo sentimos, hay demasiadas llamadas en espera.", failed = "Lo sentimos, la cola no está disponible." },
  fr = { full = "Désolés, trop d'appels sont en attente.", failed = "Désolés, la file n'est pas disponible." },
  de = { full = "Leider warten zu viele Anrufe.", failed = "Leider ist die Warteschlange nicht zu erreichen." },
}

-- A number that is kept; 0 where none is; nil and an error where it is not known.
local function number_at(key: string): (number?, any)
  local kept, err = storage.get(key)
  if err then
    return nil, err
  end
  return tonumber(kept) or 0
end

-- The last ticket that was given, and the last that was called.
local function ends_of(options: Options): (number?, number?, any)
  local last, err = number_at(`{options.key}/last`)
  local called, failed = number_at(`{options.key}/called`)
  return last, called, err or failed
end

-- Joins a call to the queue. Returns its ticket and how many are before it; or nil and an error: `full` where it takes no more.
function queue.join(call: Call, options: Options): (number?, any)
  local last, called, err = ends_of(options)
  if not last or not called then
    return nil, err
  end
  if last - called >= (options.most or 50) then
    return nil, { type = "full", message = "too many wait" }
  end
  local ticket = last + 1
  local is_kept, failed = storage.put(`{options.key}/{ticket}`, { id = call.id, from = call.from, at = time.now() })
  if is_kept then
    is_kept, failed = storage.put(`{options.key}/last`, ticket)
  end
  if not is_kept then
    return nil, failed
  end
  return ticket, ticket - called - 1
end

-- How many are before a ticket at most: who has left is passed over only when an agent comes to them. nil where that is not known.
function queue.before(ticket: number, options: Options): number?
  local called = number_at(`{options.key}/called`)
  return if called then math.max(ticket - called - 1, 0) else nil
end

-- Gives a ticket up. Works in on_hangup too.
function queue.leave(ticket: number, options: Options)
  local _, err = storage.delete(`{options.key}/{ticket}`)
  if err then
    log.warn("a caller who has left still has a ticket", { reason = err.type })
  end
end

-- Takes the next caller for an agent: who waits longest, and nil where nobody waits. Tell their call with
-- `chime.update_call { transaction_id = next.id, … }` where the agent is; where that fails, ask for the next one.
function queue.next(options: Options): (Waiting?, any)
  local last, called, err = ends_of(options)
  if not last or not called then
    return nil, err
  end
  for ticket = called + 1, last do
    local waiting = storage.get(`{options.key}/{ticket}`)
    local is_called, failed = storage.put(`{options.key}/called`, ticket)
    if not is_called then
      return nil, failed
    end
    local is_there = type(waiting) == "table" and type(waiting.at) == "number" and time.now() - waiting.at < (options.forget or 3600)
    if is_there then
      queue.leave(ticket, options)
      return waiting
    end
  end
  return nil
end

-- Joins, holds the caller until an agent has taken them, and leaves. Returns as `@std/hold` does; or nil and an error.
function queue.wait(call: Call, options: Options): (any, any)
  if type(options) ~= "table" or type(options.key) ~= "string" then
    error('queue.wait: wanted { key = "queues/…" }', 2)
  end
  local text = texts.of(call, queue.texts, options)
  local ticket, err = queue.join(call, options)
  if not ticket then
    texts.tell(call, text(if err.type == "full" then "full" else "failed"))
    return nil, err
  end
  call:on_hangup(function() queue.leave(ticket, options) end)
  local holding = table.clone(options.hold or {})
  holding.language = holding.language or options.language
  holding.position = function() return queue.before(ticket, options) end
  local what, detail = hold.wait(call, holding)
  -- Who was taken by an agent is out already.
  if what ~= "update" then
    queue.leave(ticket, options)
  end
  return what, detail
end

return queue
