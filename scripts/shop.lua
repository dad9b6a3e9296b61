-- A shop's line: hours, a menu in two languages, the state of an order, two numbers in turn, and voicemail.
--
-- config.json has its hours, numbers and the address of the shop's own server; MOONRING_CONFIG overrides them on a test line.

local forward = require("@std/forward")
local hours = require("@std/hours")
local language = require("@std/language")
local voicemail = require("@std/voicemail")
local orders = require("./shop_orders")
local words = require("./shop_words")

local function take_message(call: Call)
  local message, err = voicemail.take(call, { to = "shop", bucket = config.shop.recordings, greeting = false })
  if not message then
    log.warn("no message", { reason = err.type })
  end
end

-- The state of an order, by its number.
local function tell_order(call: Call, say)
  local number = call:ask { say = say("number"), min = 4, max = 8, tries = 2 }
  if not number then
    call:say(say("nothing"))
    return
  end
  local state, err = orders.state(number)
  if state then
    call:say(say(state))
  else
    call:say(say(if err.type == "not_found" then "unknown" else "failed"))
  end
end

return function(call: Call)
  local code = language.choose(call, {
    languages = {
      { key = "1", language = "en-US", voice = "Joanna", say = "For English, press 1." },
      { key = "2", language = "es-US", voice = "Lupe", say = "Para español, pulse 2." },
    },
    remember = true, prefix = "languages/",
  })
  local say = words.of(code)
  call:say(say("welcome"))
  if not hours.is_open(config.shop) then
    call:say((hours.say(config.shop, code)))
    return take_message(call)
  end
  local choice = call:menu {
    say = say("menu"), options = { ["1"] = "order", ["2"] = "people", ["3"] = "message" }, default = "people", tries = 2,
  }
  if choice == "order" then
    return tell_order(call, say)
  elseif choice == "people" then
    local leg, err = forward.to(call, { numbers = config.shop.numbers, language = code })
    if leg then
      return
    end
    log.info("nobody took the call", { reason = err.type })
    call:say(say("nobody"))
  end
  take_message(call)
end
