-- Answers every call: a greeting in the caller's language, the opening hours, and an agent.
local hours = require("./hours")
local texts = require("./texts")

return function(call: Call)
  local language = call:menu {
    say = "For English, press 1. Para español, oprima el 2.",
    options = { ["1"] = "en", ["2"] = "es" }, default = "en", tries = 1,
  }
  local text = texts[language]
  call.voice = text.voice
  call:say(text.welcome)
  if not hours.is_open() then
    call:say(text.closed)
    return
  end
  call:say(text.hold)
  local leg, err = call:bridge { to = config.agent, timeout = 20 }
  if not leg then
    log.warn("no agent", { reason = err.type })
    call:say(text.nobody)
  end
end
