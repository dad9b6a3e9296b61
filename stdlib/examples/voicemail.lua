-- Takes a message for sales, and tells where it lies.

local voicemail = require("../voicemail")

return function(call: Call)
  local options = config.voicemail or {}
  local message, err = voicemail.take(call, {
    to = "sales", bucket = "acme-recordings", greeting = options.greeting, review = options.review, tone = options.tone,
    language = options.language, texts = options.texts,
    on_message = function(message) log.info("a message", { key = message.key, from = call.from }) end,
  })
  if not message then log.warn("no message", { reason = err.type }) end
end
