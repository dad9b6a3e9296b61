-- Asks for an account number, reads it back, and then whether a letter is wanted.

local confirm = require("../confirm")

return function(call: Call)
  local options = config.confirm or {}
  local account, err = confirm.input(call, { say = "Your account number, please.", min = 4, max = 4 }, {
    read = if options.pairs then function(value) return string.sub(value, 1, 2) .. ", " .. string.sub(value, 3) end else nil,
    language = options.language, texts = options.texts, rounds = options.rounds,
  })
  if not account then
    call:say(`No account: {err.type}.`)
    return
  end
  local wants = confirm.ask(call, { say = "Do you want a letter?", yes = "5", no = "6", tries = 1 })
  call:say(if wants then "It is on its way." elseif wants == false then "We send nothing." else "We call you back.")
end
