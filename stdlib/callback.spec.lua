-- Call-backs: wanted, not wanted, twice, and the second call; and everything that can fail.

local callback = require("./callback")

local OFFER = "To be called back, press 1."
local KEY = "callbacks/12065550142"

local function caller(t: any, key: string?): any
  local c = t:call { script = "examples/callback", from = "+12065550142" }
  c:hears(OFFER)
  if key then
    c:presses(key)
  end
  return c
end

local function second(t: any, pickup: string?): any
  return t:outbound { script = "examples/callback", arguments = { callback = KEY }, pickup = pickup }
end

test("who wants it is called once they have hung up", function(t)
  local c = caller(t, "1")
  c:hears("Please hang up.")
  c:ends("script")
  c:logs("info", "called back")
  local asked = t:asked("chime-sdk-voice:CreateSipMediaApplicationCall")[1]
  expect(asked.ToPhoneNumber):equals("+12065550142")
  local again = caller(t, "1")
  again:hears("We have your number")
  again:ends("script")
  expect(#t:asked("chime-sdk-voice:CreateSipMediaApplicationCall")):equals(1)
end)

test("a call that cannot be made gives the place up", function(t)
  t:reply("chime-sdk-voice:CreateSipMediaApplicationCall", { error = "failed" })
  local c = caller(t, "1")
  c:hears("Please hang up.")
  c:ends("script")
  expect(#t:asked("storage:delete")):equals(1)
end)

test("who stays hears so", function(t)
  local c = caller(t, "2")
  c:hears("Please stay.")
  c:ends("script")
end)

test("who has no number is not asked", function(t)
  local c = t:call { script = "examples/callback", from = "anonymous" }
  c:hears("Please stay.")
  c:ends("script")
end)

test("a place that cannot be kept is told", function(t)
  t:reply("storage:put_new", { error = "timeout" })
  local c = caller(t, "1")
  c:hears("Not kept: timeout.")
  c:ends("script")
end)

test("a place that cannot be read is told", function(t)
  t:storage { [KEY] = { at = 1 } }
  t:reply("storage:get", { error = "timeout" })
  local c = caller(t, "1")
  c:hears("Not kept: timeout.")
  c:ends("script")
end)

test("the second call connects", function(t)
  local c = second(t)
  c:hears("You asked for a call back.")
  c:presses("1")
  local agent = c:rings("+12065550101"):answers()
  agent:hangs_up()
  c:ends("script")
end)

test("the second call reaches nobody", function(t)
  t:reply("storage:delete", { error = "timeout" })
  local c = second(t, "busy")
  c:logs("info", "not connected")
  c:logs("warn", "a call-back is still kept")
end)

test("where another host makes the call, the place stays", function(t)
  t:reply("chime-sdk-voice:CreateSipMediaApplicationCall", { error = "conflict" })
  local c = caller(t, "1")
  c:hears("Please hang up.")
  c:ends("script")
  expect(#t:asked("storage:delete")):equals(0)
end)

test("who was to be called long ago may ask again", function(t)
  t:storage { [KEY] = { at = 1 } }
  local c = caller(t, "1")
  c:hears("Please hang up.")
  c:ends("script")
end)

test("on another call it says what it wants", function()
  local call: any = { arguments = {}, wait_for_answer = function() return true end }
  expect(function() callback.take(call, { prefix = "callbacks/" }) end):fails("was not made by")
end)

test("without a prefix it says what it wants", function()
  expect(function() callback.offer({} :: any, {} :: any) end):fails("wanted { prefix")
end)
