-- Voicemail: a message after a tone, which the caller may listen to, keep, or record again; a message is saved when its caller hangs up.

local voicemail = require("@std/voicemail")

return function(call: Call)
  local message, err = voicemail.take(call, {
    tone = { key = "tone.wav", bucket = config.audio_bucket },
    bucket = config.office.recordings,
    on_message = function(message) log.info("a message", { key = message.key }) end,
  })
  if not message then
    log.warn("not recorded", { reason = err.type })
  end
end
