-- Screening: the caller's name, and what the colleague makes of it.

local COLLEAGUE = "+12065550101"

-- A caller who has said their name, and the colleague whose phone rings.
local function introduced(t)
  local c = t:call()
  c:hears("Please say your name", { file = "tone.wav" })
  c:talks(2)
  c:presses("#")
  c:records { prefix = "names/" }
  c:hears("Please hold while we try to connect you.")
  return c, c:rings(COLLEAGUE)
end

-- Voicemail, to its end.
local function leaves_a_message(c)
  c:hears("no one can take your call", "leave your message after the tone", { file = "tone.wav" })
  c:talks(4)
  c:presses("#")
  c:records { prefix = "voicemail/" }
  c:logs("info", "a message")
  c:hears("Your message is saved.")
  c:ends("script")
end

test("the colleague hears the name and takes the call", function(t)
  local c, colleague = introduced(t)
  colleague:answers()
  colleague:hears { pattern = "^You have a call from:" }
  colleague:eventually("To take the call, press 1.")
  colleague:presses("1")
  colleague:hears("You are connected.")
  c:talks(20)
  c:hangs_up()
  c:ends("caller")
end)

test("the colleague sends the call to voicemail", function(t)
  local c, colleague = introduced(t)
  colleague:answers()
  colleague:eventually("To send it to voicemail, press 2.")
  colleague:presses("2")
  leaves_a_message(c)
end)

test("nobody answers", function(t)
  local c, colleague = introduced(t)
  colleague:ignores()
  leaves_a_message(c)
end)

test("a caller who gives no name is announced as such", function(t)
  t:fail("RecordAudio", "SystemException")
  local c = t:call()
  c:hears("Please say your name", { file = "tone.wav" }, "Please hold")
  local colleague = c:rings(COLLEAGUE):answers()
  colleague:hears("The caller gave no name.", "To take the call"):presses("2")
  c:hears("no one can take your call", "leave your message", { file = "tone.wav" }, "we cannot take a message right now")
  c:logs("info", "no message")
  c:ends("script")
end)
