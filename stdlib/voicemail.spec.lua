-- Voicemail: kept, heard again, recorded again, left by hanging up; and everything that can fail.

local voicemail = require("./voicemail")

local RECORD = "Please leave your message now"
local REVIEW = "To listen to your message, press 1."

local function caller(t: any): any
  return t:call { script = "examples/voicemail" }
end

local function with_message(t: any): any
  local c = caller(t)
  c:hears("We can't take your call right now.", RECORD)
  c:talks(4)
  c:presses("#")
  c:records { bucket = "acme-recordings", prefix = "voicemail/sales/" }
  return c
end

test("a message is kept", function(t)
  local c = with_message(t)
  c:hears(REVIEW)
  c:presses("2")
  c:hears("Your message is saved.")
  c:ends("script")
  c:logs("info", "a message")
end)

test("a message is heard and recorded again", function(t)
  local c = with_message(t)
  c:hears(REVIEW)
  c:presses("1")
  c:hears({ pattern = "^s3://acme%-recordings/voicemail/sales/" }, REVIEW)
  c:presses("3")
  c:hears(RECORD)
  c:talks(2)
  c:presses("#")
  c:records {}
  c:hears(REVIEW)
  c:presses("2")
  c:hears("Your message is saved.")
  c:ends("script")
end)

test("who hangs up after a message has left it, once", function(t)
  local c = with_message(t)
  c:hears(REVIEW)
  c:hangs_up()
  c:ends("caller")
  c:logs("info", "a message")
end)

test("who presses nothing has left it too", function(t)
  local c = with_message(t)
  c:hears(REVIEW)
  c:eventually("Your message is saved.")
  c:ends("script")
end)

test("a recording that fails is said, and returned", function(t)
  t:fail("RecordAudio", "SystemException")
  local c = caller(t)
  c:hears("We can't take your call", RECORD, "we cannot take a message right now")
  c:logs("warn", "no message")
  c:ends("script")
end)

test("a second recording that fails keeps the first", function()
  local said, records = {}, { { key = "first.wav" } }
  local call: any = { voice = {} }
  function call.say(_, text) table.insert(said, text) end
  function call.on_hangup(_, _) end
  function call.menu(_, _) return "again" end
  function call.record(_, _)
    local recording = table.remove(records, 1)
    return recording, if recording then nil else { type = "failed" }
  end
  expect(voicemail.take(call)):equals { key = "first.wav" }
  expect(said[#said]):equals("Your message is saved. Thank you.")
end)

test("it can do without a review, with files, in another language", function(t)
  t:config { voicemail = { review = false, greeting = false, language = "de-DE", tone = { key = "tone.wav", bucket = "acme-audio" } } }
  local c = caller(t)
  c:hears("Bitte sprechen Sie nach dem Ton", { file = "tone.wav" })
  c:talks(2)
  c:presses("#")
  c:records {}
  c:hears("Ihre Nachricht ist gespeichert.")
  c:ends("script")
end)

test("sentences can be files", function(t)
  t:config { voicemail = { texts = { review = { key = "review.wav", bucket = "acme-audio" }, kept = { key = "kept.wav", bucket = "acme-audio" } } } }
  local c = with_message(t)
  c:hears { file = "review.wav" }
  c:presses("2")
  c:hears { file = "kept.wav" }
  c:ends("script")
end)
