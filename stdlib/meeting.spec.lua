-- Meetings by PIN: persons, the moderator, and everything that can fail.

local meeting = require("./meeting")

local PERSON, MODERATOR = "1001", "9001"

local function caller(t: any, pin: string, number: string?): any
  local c = t:call { script = "examples/meeting", from = number }
  c:hears("Please enter your PIN.")
  c:presses(pin)
  return c
end

test("a person joins and leaves", function(t)
  local c = caller(t, PERSON)
  c:hears("Connecting your call.")
  c:joins()
  c:talks(60)
  c:hangs_up()
  c:ends("caller")
  expect(#t:asked("chime-sdk-meetings:DeleteAttendee")):equals(1)
end)

test("a moderator mutes everybody else, and lets them speak again", function(t)
  local person = caller(t, PERSON, "+12065550143")
  person:hears("Connecting your call.")
  person:joins()
  local c = caller(t, MODERATOR)
  c:hears("You are the moderator.")
  c:joins()
  c:presses("1")
  person:is_muted()
  c:presses("2")
  person:is_unmuted()
  c:logs("info", "moderated")
  c:hangs_up()
  c:ends("caller")
end)

test("an update ends the moderation, and the meeting goes on", function(t)
  local c = caller(t, MODERATOR)
  c:hears("You are the moderator.")
  c:joins()
  t:update(c, { done = "yes" })
  c:talks(5)
  c:hangs_up()
  c:ends("caller")
end)

test("attendees that are not known are muted by nobody", function(t)
  t:reply("chime-sdk-meetings:ListAttendees", { error = "failed" })
  local c = caller(t, MODERATOR)
  c:hears("You are the moderator.")
  c:joins()
  c:presses("1")
  c:logs("warn", "the attendees are not known")
  c:hangs_up()
  c:ends("caller")
end)

test("a wrong PIN is said, and the third one ends it", function(t)
  local c = caller(t, "4444")
  c:hears("That PIN is not valid.", "Please enter your PIN.")
  c:presses("5555")
  c:eventually("Goodbye.")
  c:ends("script")
  c:logs("warn", "not joined")
end)

test("a meeting that cannot be made is said", function(t)
  t:reply("chime-sdk-meetings:CreateMeeting", { error = "failed" })
  local c = caller(t, PERSON)
  c:hears("the meeting is not available")
  c:ends("script")
end)

test("without rooms it says what it wants", function()
  expect(function() meeting.join({} :: any, {} :: any) end):fails("wanted { rooms")
end)
