-- Asks for the language of a caller once, and greets in it.

local language = require("../language")

local GREETINGS = { ["en-US"] = "Welcome.", ["es-US"] = "Bienvenidos." }

return function(call: Call)
  local code = language.choose(call, {
    languages = if config.no_languages then {} else {
      { key = "1", language = "en-US", voice = "Joanna", say = "For English, press 1." },
      { key = "2", language = "es-US", voice = "Lupe", say = "Para español, pulse 2." },
    },
    remember = config.remember,
  })
  if code then call:say(GREETINGS[code]) end
end
