-- Tries two colleagues in turn, and takes turns with who is first.

local forward = require("../forward")

return function(call: Call)
  local options = config.forward or {}
  local given = {
    numbers = options.numbers or { "+12065550101", "+12065550102" }, screen = options.screen, whisper = options.whisper,
    say = options.say, language = options.language, texts = options.texts,
  }
  local leg, err
  if options.hunt then
    leg, err = forward.hunt(call, "turn/sales", given)
  else
    leg, err = forward.to(call, given)
  end
  if not leg then call:say(`Nobody is there: {err.type}.`) end
end
