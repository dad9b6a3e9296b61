-- A queue: joined, left, taken; and everything that can fail.

local queue = require("./queue")

local AGENT, SECOND = "+12065550101", "+12065550143"

local function caller(t: any, number: string?): any
  return t:call { script = "examples/queue", from = number }
end

-- Somebody who has joined and holds, with what is said of their position.
local function waits(t: any, number: string?, position: string?): any
  local c = caller(t, number)
  c:hears("Please hold the line.", position or "You are next.", "To be called back")
  return c
end

-- An agent who asks for the next caller, and what they are told.
local function agent_hears(t: any, words: string)
  local agent = caller(t, AGENT)
  agent:hears(words)
  agent:ends("script")
end

-- A caller who hangs up.
local function leaves(c: any)
  c:hangs_up()
  c:ends("caller")
end

test("two callers wait, and an agent takes the first", function(t)
  local first = caller(t)
  first:hears("Please hold the line.", "You are next.", "To be called back, press star.")
  local second = waits(t, SECOND, "There is one caller before you.")
  agent_hears(t, "The next caller is ")
  t:update(first, { agent = AGENT })
  first:hears("An agent takes your call.")
  first:ends("script")
  second:eventually("Thank you for waiting.")
  second:hears("You are next.", "To be called back")
  leaves(second)
end)

test("who presses star leaves", function(t)
  local c = waits(t)
  c:presses("*")
  c:hears("You have left the queue.")
  c:ends("script")
  agent_hears(t, "Nobody waits.")
end)

test("without music, who waits hears something before long", function(t)
  local c = t:call { script = "examples/queue" }
  c:hears("Please hold the line.", "You are next.", "To be called back")
  c:silence(18)
  c:hears("Thank you for waiting.")
  c:hangs_up()
end)

test("who waits too long is told", function(t)
  local c = waits(t)
  c:eventually("Please call again later.")
  c:ends("script")
end)

test("a full queue takes nobody", function(t)
  t:config { queue = { most = 0 } }
  local c = caller(t)
  c:hears("too many callers are waiting")
  c:ends("script")
end)

test("a queue that cannot be had is told", function(t)
  t:reply("storage:get", { error = "timeout" })
  local c = caller(t)
  c:hears("the queue is not available")
  c:ends("script")
  agent_hears(t, "Not known: timeout.")
end)

test("a ticket that cannot be written is told", function(t)
  t:reply("storage:put_new", { error = "timeout" })
  local c = caller(t)
  c:hears("the queue is not available")
  c:ends("script")
end)

test("a ticket that is not noted as the last one is found all the same", function(t)
  t:reply("storage:put queues/sales/last", { error = "timeout" })
  local first = waits(t)
  first:logs("warn", "the next caller looks for the end of the queue")
  local second = waits(t, SECOND, "There is one caller before you.")
  leaves(first)
  leaves(second)
end)

test("two agents who ask within the same moment get two callers", function(t)
  local first = waits(t)
  local second = waits(t, SECOND, "There is one caller before you.")
  agent_hears(t, "The next caller is ")
  -- What the other one has read before.
  t:reply("storage:get queues/sales/called", 0)
  agent_hears(t, "The next caller is ")
  agent_hears(t, "Nobody waits.")
  t:update(first, { agent = AGENT })
  first:hears("An agent takes your call.")
  t:update(second, { agent = AGENT })
  second:hears("An agent takes your call.")
end)

test("an agent who cannot claim a caller is told", function(t)
  local c = waits(t)
  t:reply("storage:put_new", { error = "timeout" })
  agent_hears(t, "Not known: timeout.")
  leaves(c)
end)

test("a caller whom an agent has claimed waits for that agent, and not for ever", function(t)
  t:storage {
    ["queues/sales/1"] = { id = "first", at = 1e12 }, ["queues/sales/2"] = { id = "second", at = 1e12 },
    ["queues/sales/last"] = "2", ["queues/sales/taken/1"] = { agent = "x", at = 1e12 },
  }
  agent_hears(t, "The next caller is second.")
  agent_hears(t, "Nobody waits.")
  expect(t:stored("queues/sales/called")):is_nil()
  t:storage { ["queues/sales/taken/1"] = { agent = "x", at = 0 } }
  agent_hears(t, "The next caller is first.")
  agent_hears(t, "Nobody waits.")
end)

test("a claim that cannot be read is told", function(t)
  t:storage { ["queues/sales/1"] = { id = "first", at = 1e12 }, ["queues/sales/taken/1"] = { agent = "x", at = 1e12 } }
  t:reply("storage:get queues/sales/taken/1", { error = "timeout" })
  agent_hears(t, "Not known: timeout.")
end)

test("what is called and not noted is passed over by the next agent", function(t)
  t:reply("storage:put queues/sales/called", { error = "timeout" })
  local c = waits(t)
  agent_hears(t, "The next caller is ")
  t:update(c, { agent = AGENT })
  c:hears("An agent takes your call.")
  c:ends("script")
  c:logs("warn", "the next one looks for the beginning of the queue")
  agent_hears(t, "Nobody waits.")
end)

test("tickets that are missing do not stop the queue", function(t)
  t:storage {
    ["queues/sales/called"] = "5", ["queues/sales/last"] = "40", ["queues/sales/40"] = { id = "late", at = 1e12 },
  }
  agent_hears(t, "The next caller is late.")
  expect(t:stored("queues/sales/called")):equals(25)
end)

test("many who have left are passed, some at a time", function(t)
  t:storage { ["queues/sales/last"] = "45", ["queues/sales/45"] = { id = "late", at = 1e12 } }
  agent_hears(t, "The next caller is late.")
  expect(t:stored("queues/sales/called")):equals(40)
end)

test("who has left takes no place", function(t)
  t:config { queue = { most = 2 } }
  for _ = 1, 2 do
    local c = caller(t)
    c:hears("Please hold the line.")
    leaves(c)
  end
  t:storage { ["queues/sales/called"] = "0" }
  local c = waits(t)
  leaves(c)
end)

test("an agent who cannot read a ticket is told", function(t)
  t:reply("storage:get queues/sales/1", { error = "timeout" })
  agent_hears(t, "Not known: timeout.")
end)

test("tickets of long ago are deleted", function(t)
  t:storage {
    ["queues/sales/called"] = "20", ["queues/sales/last"] = "20", ["queues/sales/1"] = { gone = true },
    ["queues/sales/taken/1"] = { agent = "x" },
  }
  local c = waits(t)
  agent_hears(t, "The next caller is ")
  t:update(c, { agent = AGENT })
  c:hears("An agent takes your call.")
  expect(t:stored("queues/sales/1")):is_nil()
  expect(t:stored("queues/sales/taken/1")):is_nil()
  c:ends("script")
end)

test("a caller who cannot be taken out is logged", function(t)
  local c = waits(t)
  t:reply("storage:put", { error = "timeout" })
  leaves(c)
  c:logs("warn", "a caller who has left still has a ticket")
end)

test("who has left is passed over", function(t)
  local first = waits(t)
  local second = waits(t, SECOND, "There is one caller before you.")
  leaves(first)
  agent_hears(t, "The next caller is ")
  t:update(second, { agent = AGENT })
  second:hears("An agent takes your call.")
  second:ends("script")
end)

test("a position that is not known is not told", function(t)
  t:reply("storage:get queues/sales/called", 0)
  t:reply("storage:get queues/sales/called", { error = "timeout" })
  local c = caller(t)
  c:hears("Please hold the line.", "To be called back")
  leaves(c)
end)

test("without a key it says what it wants", function()
  expect(function() queue.wait({} :: any, {} :: any) end):fails("wanted { key")
end)
