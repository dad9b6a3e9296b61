-- The call-back as handlers: to be connected or called back, and the second call.

local COLLEAGUE = "+12065550101"

test("a caller is connected", function(t)
  local c = t:call()
  c:hears("Press 1 to be connected"):presses("1")
  c:rings(COLLEAGUE):answers()
  c:talks(5)
  c:hangs_up()
  c:ends("caller")
end)

test("a caller whose colleague is busy hears so", function(t)
  local c = t:call()
  c:hears("Press 1"):presses("1")
  c:rings(COLLEAGUE):is_busy()
  c:hears("no one is available")
  c:ends("script")
end)

test("a caller is called back", function(t)
  local c = t:call { from = "+12065550142" }
  c:hears("Press 1"):presses("2")
  c:hears("Please hang up.")
  c:ends("script")
  c:logs("info", "call back")
  expect(t:asked("chime-sdk-voice:*")[1].ToPhoneNumber):equals("+12065550142")
end)

test("the script calls and connects", function(t)
  local c = t:outbound { arguments = { reason = "callback" } }
  c:hears("You asked for a call back."):presses("1")
  local colleague = c:rings(COLLEAGUE):answers()
  colleague:hangs_up()
  c:ends("script")
end)

test("a caller without a number is connected, and shown as the line's own number", function(t)
  local c = t:call { from = "anonymous" }
  local colleague = c:rings(COLLEAGUE):answers()
  colleague:hangs_up()
  c:ends("script")
end)
