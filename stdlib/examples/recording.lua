-- Records a call with the caller's consent, but not their card.

local recording = require("../recording")

return function(call: Call)
  local options = config.recording or {}
  local is_recorded, err = recording.begin(call, { bucket = "acme-recordings", language = options.language, say = options.say })
  if is_recorded == nil then
    call:say(`We cannot record: {err.type}.`)
    return
  end
  local card, why
  if is_recorded then
    card, why = recording.ask_in_confidence(call, { say = "Your card number, please.", min = 16, max = 16 })
  else
    card, why = call:ask { say = "Your card number, please.", min = 16, max = 16, secret = true }
  end
  call:say(if card then "Thank you." else `No card: {why.type}.`)
end
