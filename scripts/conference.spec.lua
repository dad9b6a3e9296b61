-- A conference: PINs, the meeting, and the moderator's two keys.

local PERSON, MODERATOR = "1001", "9001"

-- A caller who has joined.
local function join(t, pin, number)
  local c = t:call { from = number }
  c:hears("Please enter your PIN.")
  c:presses(pin)
  return c
end

test("a caller joins and leaves", function(t)
  local c = join(t, PERSON)
  c:hears("Connecting your call.")
  c:joins()
  c:talks(60)
  c:hangs_up()
  c:ends("caller")
  expect(#t:asked("chime-sdk-meetings:CreateMeeting")):equals(1)
end)

test("a moderator mutes everybody else, and lets them speak again", function(t)
  local person = join(t, PERSON, "+12065550143")
  person:hears("Connecting your call.")
  person:joins()
  local c = join(t, MODERATOR)
  c:hears("You are the moderator.")
  c:joins()
  c:presses("1")
  person:is_muted()
  c:presses("2")
  person:is_unmuted()
  c:logs("info", "moderated")
  c:hangs_up()
  c:ends("caller")
  -- Who leaves is no attendee any more.
  expect(#t:asked("chime-sdk-meetings:DeleteAttendee")):equals(1)
end)

test("a moderator who is alone mutes nobody", function(t)
  local c = join(t, MODERATOR)
  c:hears("You are the moderator.")
  c:joins()
  c:presses("1")
  c:silence(5)
  c:hangs_up()
  c:ends("caller")
  expect(#t:asked("chime-sdk-meetings:ListAttendees")):equals(1)
end)

test("who is in the meeting cannot be asked", function(t)
  t:reply("chime-sdk-meetings:ListAttendees", { error = "throttled" })
  local c = join(t, MODERATOR)
  c:hears("You are the moderator.")
  c:joins()
  c:presses("1")
  c:logs("warn", "the attendees are not known")
  c:hangs_up()
  c:ends("caller")
end)

test("a wrong PIN three times", function(t)
  local c = join(t, "5555")
  c:hears("That PIN is not valid.")
  c:eventually("Goodbye.")
  c:ends("script")
end)

test("there is no conference", function(t)
  t:reply("chime-sdk-meetings:CreateMeeting", { error = "throttled" })
  local c = join(t, PERSON)
  c:hears("the meeting is not available")
  c:logs("error", "no conference")
  c:ends("script")
end)
