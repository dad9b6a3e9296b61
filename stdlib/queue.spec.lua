-- A queue: joined, left, taken; and everything that can fail.

local queue = require("./queue")

local AGENT, SECOND = "+12065550101", "+12065550143"

local function caller(t: any, number: string?): any
  return t:call { script = "examples/queue", from = number }
end

test("two callers wait, and an agent takes the first", function(t)
  local first = caller(t)
  first:hears("Please hold the line.", "You are next.", "To be called back, press star.")
  local second = caller(t, SECOND)
  second:hears("Please hold the line.", "There are 1 callers before you.", "To be called back")
  local agent = caller(t, AGENT)
  agent:hears("The next caller is ")
  agent:ends("script")
  t:update(first, { agent = AGENT })
  first:hears("An agent takes your call.")
  first:ends("script")
  second:eventually("Thank you for waiting.")
  second:hears("You are next.", "To be called back")
  second:hangs_up()
  second:ends("caller")
end)

test("who presses star leaves", function(t)
  local c = caller(t)
  c:hears("Please hold the line.", "You are next.", "To be called back")
  c:presses("*")
  c:hears("You have left the queue.")
  c:ends("script")
  local agent = caller(t, AGENT)
  agent:hears("Nobody waits.")
  agent:ends("script")
end)

test("who waits too long is told", function(t)
  local c = caller(t)
  c:hears("Please hold the line.", "You are next.", "To be called back")
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
  local agent = caller(t, AGENT)
  agent:hears("Not known: timeout.")
  agent:ends("script")
end)

test("a list that cannot be written is told", function(t)
  t:reply("storage:put", { error = "timeout" })
  local c = caller(t)
  c:hears("the queue is not available")
  c:ends("script")
end)

test("a caller who cannot be taken out, or taken, is logged and told", function(t)
  local c = caller(t)
  c:hears("Please hold the line.", "You are next.", "To be called back")
  t:reply("storage:put", { error = "timeout" })
  local agent = caller(t, AGENT)
  agent:hears("Not known: timeout.")
  agent:ends("script")
  c:hangs_up()
  c:ends("caller")
  c:logs("warn", "a caller who has left is still in the queue")
end)

test("who is lost from the list has no position, and joins at the same place twice", function(t)
  local kept: any = { { id = "a", at = time.now() }, { id = "old", at = 0 } }
  local options: any = { key = "q", store = {
    get = function() return kept end, put = function(_, list) kept = list return true end,
  } }
  expect(queue.before("nobody", options)):equals(nil)
  expect(queue.before("a", options)):equals(0)
  expect(queue.join({ id = "a" } :: any, options)):equals(1)
  expect(queue.join({ id = "b" } :: any, options)):equals(2)
  queue.leave("a", options)
  expect(queue.before("b", options)):equals(0)
end)

test("without a key it says what it wants", function()
  expect(function() queue.wait({} :: any, {} :: any) end):fails("wanted { key")
end)
