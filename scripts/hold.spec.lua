-- Holding: music, an agent by an update, a message, and the longest wait.

local AGENT = "+12065550101"

-- A caller who hears music.
local function hold(t)
  local c = t:call()
  c:hears("All our agents are busy.", "To leave a message, press 1.")
  c:silence(3)
  c:hears { file = "music.wav" }
  return c
end

test("an agent takes the call", function(t)
  local c = hold(t)
  t:update(c, { agent = AGENT })
  c:hears("Thank you for holding.")
  c:rings(AGENT):answers()
  c:talks(30)
  c:hangs_up()
  c:ends("caller")
end)

test("an agent who does not answer leaves the caller next in line", function(t)
  local c = hold(t)
  t:update(c, { agent = AGENT })
  c:hears("Thank you for holding.")
  c:rings(AGENT):ignores()
  c:hears("You are next in line.", "To leave a message")
  c:hangs_up()
  c:ends("caller")
end)

test("an update without an agent changes nothing", function(t)
  local c = hold(t)
  t:update(c, { agent = "nobody" })
  c:hears("To leave a message")
  c:hangs_up()
  c:ends("caller")
end)

test("a caller would rather leave a message", function(t)
  local c = t:call()
  c:hears("All our agents", "To leave a message"):presses("1")
  c:hears("Please leave a message after the tone", { file = "tone.wav" })
  c:talks(4)
  c:presses("#")
  c:records { prefix = "hold/" }
  c:hears("Thank you. Goodbye.")
  c:ends("script")
end)

test("a key during the music leaves one too", function(t)
  local c = hold(t)
  c:presses("1")
  c:hears("Please leave a message", { file = "tone.wav" })
  c:talks(2)
  c:presses("#")
  c:records { bucket = "example-recordings" }
  c:logs("info", "a message")
  c:hears("Thank you.")
  c:ends("script")
end)

test("a caller would rather stay on hold", function(t)
  local c = t:call()
  c:hears("All our agents", "To leave a message"):presses("2")
  c:hears { file = "music.wav" }
  c:hangs_up()
  c:ends("caller")
end)

test("nobody waits longer than config says", function(t)
  t:config { hold = { minutes = 1 } }
  local c = t:call()
  c:eventually("Please leave a message after the tone")
  c:hears { file = "tone.wav" }
  c:talks(1)
  c:hears("Thank you.")
  c:ends("script")
end)

test("there is no recording", function(t)
  t:fail("RecordAudio", "SystemException")
  local c = t:call()
  c:hears("All our agents", "To leave a message"):presses("1")
  c:hears("Please leave a message", { file = "tone.wav" }, "we cannot take a message right now")
  c:logs("info", "no message")
  c:ends("script")
end)
