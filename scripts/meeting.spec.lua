-- The meeting: its PIN, and the meeting itself.

local MEETING = "5e2d7a4c-7b1f-4d0e-9c3a-2f6b8d1e0a77"

test("a caller joins and leaves", function(t)
  local c = t:call()
  c:hears({ file = "welcome-to-meetings.wav" }, { file = "enter-meeting-pin.wav" })
  c:presses("12345#")
  c:joins { meeting_id = MEETING, join_token = "meeting-attendee-join-token" }
  c:talks(60)
  c:hangs_up()
  c:ends("caller")
end)

test("a PIN of no meeting is asked for again", function(t)
  local c = t:call()
  c:hears({ file = "welcome-to-meetings.wav" }, { file = "enter-meeting-pin.wav" })
  c:presses("999#")
  c:hears({ file = "invalid-meeting-pin.wav" }, { file = "enter-meeting-pin.wav" })
  c:logs("info", "no meeting has this PIN")
  c:presses("12345#")
  c:joins { meeting_id = MEETING }
  c:hangs_up()
  c:ends("caller")
end)

test("nobody is there to press a PIN", function(t)
  local c = t:call()
  c:eventually { file = "goodbye.wav" }
  c:ends("script")
end)

test("the meeting is over", function(t)
  t:fail("JoinChimeMeeting", "SystemException")
  local c = t:call()
  c:hears({ file = "welcome-to-meetings.wav" }, { file = "enter-meeting-pin.wav" })
  c:presses("12345#")
  c:logs("error", "an action failed")
  c:ends("script")
end)
