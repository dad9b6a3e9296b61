-- A whisper: the colleague who answers hears who is calling and about what, and nobody has to press anything.
--
-- The colleagues' numbers are in config.json under `colleagues`.

local ssml = require("@std/ssml")

return function(call: Call)
  call:say("Welcome to Acme.")
  local topic = call:menu {
    say = "For an order, press 1. For an invoice, press 2. For anything else, press 3.",
    options = { ["1"] = "an order", ["2"] = "an invoice", ["3"] = "something else" },
    default = "something else",
  }
  call:say("Thank you. Connecting you to an agent.")
  for _, number in config.colleagues do
    local leg, err = call:bridge { to = number, timeout = 20 }
    if leg then
      -- With `leg`, the caller does not hear it.
      local text = ssml.speak("A call from ", ssml.telephone(call.from), `, about {topic or "something else"}.`)
      call:say { text = text, leg = leg }
      return
    end
    log.info("not connected", { reason = err.type })
  end
  call:say("We are sorry, no one is available right now. Please call again later. Goodbye.")
end
