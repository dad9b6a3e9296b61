-- Voicemail: a message after a tone, which the caller may listen to, keep, or record again; a message is saved when its caller hangs up.

local tone = { key = "tone.wav", bucket = config.audio_bucket }

-- Returns the recording, also that of a caller who hung up meanwhile.
local function record(call: Call)
  call:say("Please leave your message after the tone, and press pound when you are done.")
  call:play(tone)
  return call:record { max = 120, silence = 5, bucket = config.office.recordings, prefix = "voicemail/" }
end

return function(call: Call)
  local message
  call:on_hangup(function(why)
    if message then
      log.info("a message", { key = message.key, why = why })
    else
      log.info("no message", { why = why })
    end
  end)
  call:say("Hello. We can't take your call right now.")
  local choice = "again"
  while choice == "again" or choice == "listen" do
    if choice == "again" then
      local recording, err = record(call)
      if not recording then
        log.warn("not recorded", { reason = err.type })
        break
      end
      message = recording
    else
      call:play(message)
    end
    choice = call:menu {
      say = "To listen to your message, press 1. To save it, press 2, or hang up. To record it again, press 3.",
      options = { ["1"] = "listen", ["2"] = "keep", ["3"] = "again" }, default = "keep",
    }
  end
  call:say(if message then "Your message is saved. Goodbye." else "We are sorry, we cannot take a message right now. Goodbye.")
end
