-- Call screening: the caller says their name, and the colleague who hears it takes the call with 1 or sends it to voicemail with 2.
--
-- The number is the first of `colleagues` in config.json.

local voicemail = require("@std/voicemail")

local tone = { key = "tone.wav", bucket = config.audio_bucket }
local sorry = "We are sorry, no one can take your call."

return function(call: Call)
  call:say("Hello. Please say your name after the tone, then press pound.")
  call:play(tone)
  local name = call:record { max = 10, silence = 2, bucket = config.office.recordings, prefix = "names/" }
  call:say("Thank you. Please hold while we try to connect you.")
  local leg = call:bridge { to = config.colleagues[1], timeout = 20 }
  if leg then
    call:say { text = if name then "You have a call from:" else "You have a call. The caller gave no name.", leg = leg }
    if name then
      call:play { key = name.key, bucket = name.bucket, leg = leg }
    end
    local answer = call:menu {
      say = "To take the call, press 1. To send it to voicemail, press 2.",
      options = { ["1"] = "take", ["2"] = "voicemail" }, tries = 2, leg = leg,
    }
    if answer == "take" then
      call:say { text = "You are connected.", leg = leg }
      return
    end
    leg:hangup()
  end
  local message, err = voicemail.take(call, { greeting = sorry, tone = tone, bucket = config.office.recordings, review = false })
  log.info(if message then "a message" else "no message", { key = message and message.key, reason = err and err.type })
end
