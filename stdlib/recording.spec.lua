-- Recordings that callers know of.

local recording = require("./recording")

local NOTICE = "This call is recorded. If you do not want that, press 2."
local CARD = "Your card number, please."

local function caller(t: any): any
  return t:call { script = "examples/recording" }
end

test("who stays is recorded, but not with a card", function(t)
  local c = caller(t)
  c:hears(NOTICE)
  c:eventually(CARD)
  c:presses("4111111111111111")
  c:hears("Thank you.")
  c:ends("script")
  local story = c:story()
  local paused, resumed = string.find(story, "recording of the call pauses", 1, true), string.find(story, "recording of the call goes on", 1, true)
  expect({ paused ~= nil, resumed ~= nil }):equals { true, true }
end)

test("who refuses is not recorded", function(t)
  local c = caller(t)
  c:hears(NOTICE)
  c:presses("2")
  c:hears("This call is not recorded.", CARD)
  c:hangs_up()
  c:ends("caller")
end)

test("a recording that does not begin is told", function(t)
  t:fail("StartCallRecording", "SystemException")
  local c = caller(t)
  c:hears(NOTICE)
  c:eventually("We cannot record: failed.")
  c:ends("script")
end)

test("where the recording is not paused, no card is asked for", function(t)
  t:fail("PauseCallRecording", "SystemException")
  t:config { recording = { say = "We record." } }
  local c = caller(t)
  c:hears("We record.")
  c:eventually("No card: failed.")
  c:logs("error", "a recording was not paused, and nothing was asked")
  c:ends("script")
end)

test("a leg that has left is not recorded", function()
  local call: any = {}
  function call.menu(_, _) return nil, { type = "left" } end
  local is_recorded, err = recording.begin(call)
  expect(is_recorded):is_nil()
  expect(err.type):equals("left")
end)
