-- Callers join a meeting: what meeting.lua does event by event, from top to bottom.
--
-- The meetings and their join tokens are in config.json under `meetings`, by PIN.

local function prompt(key)
  return { key = key, bucket = config.audio_bucket }
end

return function(call: Call)
  call:play(prompt("welcome-to-meetings.wav"))
  local meeting, err = call:menu {
    play = prompt("enter-meeting-pin.wav"), invalid = prompt("invalid-meeting-pin.wav"),
    options = config.meetings, timeout = 10,
  }
  local leg
  if meeting then
    leg, err = call:join_meeting(meeting)
  end
  if not leg then
    log.info("no meeting", { reason = err.type })
    call:play(prompt("goodbye.wav"))
  end
end
