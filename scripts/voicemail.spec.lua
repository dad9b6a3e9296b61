-- Voicemail: a message, which is heard again, kept, or said anew.

local MENU = "To listen to your message, press 1."

-- A caller who has left a message, and is asked what to do with it.
local function with_message(t)
  local c = t:call()
  c:hears("We can't take your call right now.", "Please leave your message after the tone", { file = "tone.wav" })
  c:talks(4)
  c:presses("#")
  c:records { prefix = "voicemail/" }
  c:hears(MENU)
  return c
end

test("a message is kept", function(t)
  local c = with_message(t)
  c:presses("2")
  c:hears("Your message is saved.")
  c:ends("script")
  c:logs("info", "a message")
end)

test("a message is listened to, said anew and kept", function(t)
  local c = with_message(t)
  c:presses("1")
  c:hears({ pattern = "/voicemail/" }, MENU)
  c:presses("3")
  c:hears("Please leave your message", { file = "tone.wav" })
  c:talks(3)
  c:presses("#")
  c:records { prefix = "voicemail/" }
  c:hears(MENU):presses("2")
  c:hears("Your message is saved.")
  c:ends("script")
end)

test("who hangs up has left a message", function(t)
  local c = with_message(t)
  c:hangs_up()
  c:ends("caller")
  c:logs("info", "a message")
end)

test("who presses nothing has left one too", function(t)
  local c = with_message(t)
  c:hears(MENU, MENU, "Your message is saved.")
  c:ends("script")
end)

test("who hangs up before the tone has left none", function(t)
  local c = t:call()
  c:hears("We can't take your call right now.")
  c:hangs_up()
  c:ends("caller")
  expect(function() c:logs("info", "a message") end):fails("a message")
end)

test("a message cannot be recorded", function(t)
  t:fail("RecordAudio", "SystemException")
  local c = t:call()
  c:hears("We can't take your call", "Please leave your message", { file = "tone.wav" }, "we cannot take a message right now")
  c:logs("warn", "not recorded")
  c:ends("script")
end)
