-- Holding: music until an update of the call, such as { agent = "+12065550101" }, and a message for those who would rather not wait.
--
-- How long at most is in config.json under `hold`.

local function leave_message(call: Call)
  call:say("Please leave a message after the tone, and press pound when you are done. We will call you back.")
  call:play { key = "tone.wav", bucket = config.audio_bucket }
  local message, err = call:record { max = 120, silence = 5, bucket = config.office.recordings, prefix = "hold/" }
  log.info(if message then "a message" else "no message", { key = message and message.key, reason = err and err.type })
  call:say(if message then "Thank you. Goodbye." else "We are sorry, we cannot take a message right now. Please call again. Goodbye.")
end

local function would_rather_leave(call: Call)
  return call:menu {
    say = "To leave a message, press 1. To stay on hold, press 2, or just wait.",
    options = { ["1"] = true, ["2"] = false }, default = false, tries = 1, timeout = 1,
  }
end

return function(call: Call)
  local latest = os.time() + 60 * config.hold.minutes
  -- A file of less than a minute: only when it ends, the time is looked at.
  local music = { key = "music.wav", bucket = config.audio_bucket }
  call:say("All our agents are busy. Please stay on the line.")
  while os.time() < latest and not would_rather_leave(call) do
    local time = math.clamp(latest - os.time(), 1, config.hold.remind_after)
    local what, detail = call:wait { digits = "^1$", play = music, timeout = time }
    local agent = what == "update" and detail.agent and phone.parse(detail.agent)
    if agent then
      call:say("Thank you for holding. Connecting your call.")
      if call:bridge { to = agent.e164, timeout = 15 } then
        return
      end
      call:say("We are sorry, that did not work. You are next in line.")
    elseif what == "digits" or not what then
      break
    end
  end
  leave_message(call)
end
