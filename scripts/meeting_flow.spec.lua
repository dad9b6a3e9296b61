-- The meeting as a flow.

local MEETING = "5e2d7a4c-7b1f-4d0e-9c3a-2f6b8d1e0a77"

test("a caller joins and leaves", function(t)
  local c = t:call()
  c:hears({ file = "welcome-to-meetings.wav" }, { file = "enter-meeting-pin.wav" })
  c:presses("12345")
  c:joins { meeting_id = MEETING, join_token = "meeting-attendee-join-token" }
  c:talks(60)
  c:hangs_up()
  c:ends("caller")
end)

test("a wrong PIN is told", function(t)
  local c = t:call()
  c:hears({ file = "welcome-to-meetings.wav" }, { file = "enter-meeting-pin.wav" })
  c:presses("99999")
  c:hears { file = "invalid-meeting-pin.wav" }
  c:eventually { file = "goodbye.wav" }
  c:logs("info", "no meeting")
  c:ends("script")
end)

test("the meeting is over", function(t)
  t:fail("JoinChimeMeeting", "SystemException")
  local c = t:call()
  c:hears({ file = "welcome-to-meetings.wav" }, { file = "enter-meeting-pin.wav" })
  c:presses("12345")
  c:hears { file = "goodbye.wav" }
  c:ends("script")
end)
