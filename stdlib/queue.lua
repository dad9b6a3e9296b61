-- A queue of callers, over storage: they join, hear their position, and agents take the next one.
--
-- Each caller has a ticket, an object of its own: nobody's place is lost with somebody else's, and of two callers who join within the
-- same moment each gets one. An agent claims a caller; who is not told of it within a minute can be claimed by another. Costs four
-- requests to join, six behind others, one for each position, and two or three to leave. An agent costs five, and one for each
-- ticket that is passed over. What `@std/hold` costs comes on top.

local hold = require("@std/hold")
local texts = require("@std/texts")

local queue = {}

-- Who waits: the id of the call, its number, and since when.
export type Waiting = { id: string, from: string?, at: number }

-- What can be set. `key` is where the tickets are in `storage`. `most` is how many wait (default: 50), and `forget` after how many
-- seconds somebody counts as gone (default: 3600). `hold` is what `@std/hold` takes. `agent` is who asks for the next caller, such as
-- the id of the agent's call: two who ask within the same moment then get two callers.
export type Options = {
  key: string, most: number?, forget: number?, hold: any?, agent: string?, language: string?, texts: { [string]: any }?,
}

-- Every sentence, by language.
queue.texts = {
  en = { full = "We are sorry, too many callers are waiting.", failed = "We are sorry, the queue is not available." },
  es = { full = "Lo sentimos, hay demasiadas llamadas en espera.", failed = "Lo sentimos, la cola no está disponible." },
  fr = { full = "Désolés, trop d'appels sont en attente.", failed = "Désolés, la file n'est pas disponible." },
  de = { full = "Leider warten zu viele Anrufe.", failed = "Leider ist die Warteschlange nicht zu erreichen." },
}

-- How many tickets behind the last one called are kept: so far a note that comes late may lead back.
local KEPT = 20

-- After how many seconds another agent may take a caller whom one has claimed and not taken.
local CLAIM = 60

-- What stands on a ticket whose caller is in the queue no more. It stays: between two tickets there is never a gap.
local GONE = { gone = true }

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

-- Whether this is the ticket of somebody who waits.
local function is_there(waiting: any, options: Options): boolean
  return type(waiting) == "table" and type(waiting.at) == "number" and time.now() - waiting.at < (options.forget or 3600)
end

-- Notes the last ticket behind which nobody waits, and deletes what is told of one long before.
local function note(ticket: number, options: Options)
  local _, err = storage.put(`{options.key}/called`, ticket)
  if err then
    log.warn("the next one looks for the beginning of the queue", { reason = err.type })
  elseif ticket > KEPT then
    storage.delete(`{options.key}/{ticket - KEPT}`)
    storage.delete(`{options.key}/taken/{ticket - KEPT}`)
  end
end

-- The last of the tickets from `called` on behind which nobody waits, as far as `last`; a few at a time.
local function passed(called: number, last: number, options: Options): number
  local ticket = called
  while ticket < math.min(last, called + KEPT) do
    local waiting, err = storage.get(`{options.key}/{ticket + 1}`)
    if err or is_there(waiting, options) then
      break
    end
    ticket += 1
  end
  if ticket > called then
    note(ticket, options)
  end
  return ticket
end

-- Joins a call to the queue. Returns its ticket and how many are before it; or nil and an error: `full` where it takes no more.
function queue.join(call: Call, options: Options): (number?, any)
  local most = options.most or 50
  local last, called, err = ends_of(options)
  if not last or not called then
    return nil, err
  end
  if last - called >= most then
    -- Who has left takes no place.
    called = passed(called, last, options)
  end
  -- The last ticket that was noted may not be the last: who joined with it may note it late. And an event may come twice: then
  -- the call has that ticket.
  for ticket = math.max(last, called + 1), called + most do
    local is_mine, taken = storage.put_new(`{options.key}/{ticket}`, { id = call.id, from = call.from, at = time.now() })
    if not is_mine and taken.type == "conflict" then
      local other = storage.get(`{options.key}/{ticket}`)
      is_mine = type(other) == "table" and other.id == call.id
    elseif not is_mine then
      return nil, taken
    end
    if is_mine then
      local _, unnoted = storage.put(`{options.key}/last`, ticket)
      if unnoted then
        log.warn("the next caller looks for the end of the queue", { reason = unnoted.type })
      end
      return ticket, ticket - called - 1
    end
  end
  return nil, { type = "full", message = "too many wait" }
end

-- How many are before a ticket at most: who has left counts as long as somebody before them waits. nil where that is not known.
function queue.before(ticket: number, options: Options): number?
  local called = number_at(`{options.key}/called`)
  return if called then math.max(ticket - called - 1, 0) else nil
end

-- Gives a ticket up: who leaves says so, and who was taken. Works in on_hangup too.
function queue.leave(ticket: number, options: Options)
  local _, err = storage.put(`{options.key}/{ticket}`, GONE)
  if err then
    log.warn("a caller who has left still has a ticket", { reason = err.type })
    return
  end
  local called = number_at(`{options.key}/called`)
  if called == ticket - 1 then
    note(ticket, options)
  end
end

-- Claims a caller: nobody else takes them. A claim of long ago is one whose agent never came to it; of those who see that, one
-- claims it anew.
local function claim(ticket: number, options: Options): (boolean?, any)
  local key = `{options.key}/taken/{ticket}`
  while true do
    local is_mine, err = storage.put_new(key, { agent = options.agent or "", at = time.now() })
    if is_mine or err.type ~= "conflict" then
      return is_mine, err
    end
    local other, unread = storage.get(key)
    if unread then
      return nil, unread
    elseif type(other) ~= "table" or type(other.at) ~= "number" or time.now() - other.at < CLAIM then
      return false
    end
    key = `{key}/{other.at}`
  end
end

-- Claims the next caller for an agent: who waits longest, and nil where nobody waits. Tell their call with
-- `chime.update_call { transaction_id = next.id, … }` where the agent is: their script then leaves the queue. Where that fails, ask
-- for the next one.
function queue.next(options: Options): (Waiting?, any)
  local last, called, err = ends_of(options)
  if not last or not called then
    return nil, err
  end
  local ticket, is_clear = passed(called, last, options), true
  while true do
    ticket += 1
    local waiting, unread = storage.get(`{options.key}/{ticket}`)
    if unread then
      return nil, unread
    elseif is_there(waiting, options) then
      local is_mine, failed = claim(ticket, options)
      if is_mine then
        return waiting
      elseif failed then
        return nil, failed
      end
      -- No agent passes for good a caller whom another has claimed.
      is_clear = false
    elseif waiting == nil and ticket > last then
      return nil
    elseif is_clear and ticket % KEPT == 0 then
      note(ticket, options)
    end
  end
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
  local is_in = true
  local function leave()
    if is_in then
      is_in = false
      queue.leave(ticket, options)
    end
  end
  call:on_hangup(leave)
  local holding = table.clone(options.hold or {})
  holding.language = holding.language or options.language
  holding.position = function() return queue.before(ticket, options) end
  local what, detail = hold.wait(call, holding)
  leave()
  return what, detail
end

return queue
