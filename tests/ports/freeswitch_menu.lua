-- FreeSWITCH's demo menu: five transfers, extensions of four digits, and a menu below with a way back.
--
-- A key and an extension come from one prompt, so the digits are asked for with `regex` and then looked up.

local forward = require("@std/forward")

local DESTINATIONS = {
  ["1"] = "+12065550141", ["2"] = "+12065550142", ["3"] = "+12065550143", ["4"] = "+12065550144", ["5"] = "+12065550145",
}

local MAIN = "For the conference, press 1. To hear yourself, press 2. For music, press 3. For the screaming monkeys, press 4. "
  .. "For a number by ENUM, press 5. For more, press 6. To hear this again, press 9. Or enter an extension."
local MORE = "This is the menu below. To go back, press star."
local INVALID = "That was not a valid entry."

local function numbers_of(digits: string): { string }
  return { DESTINATIONS[digits] or `+1206555{digits}` }
end

-- What was typed at the main menu; nil where nothing came.
local function choose(call: Call): string?
  return (call:ask {
    say = MAIN, invalid = INVALID, min = 1, max = 4, regex = "^([1-69]|10[01][0-9])$",
    tries = 3, timeout = 10, digit_timeout = 2,
  })
end

return function(call: Call)
  -- A caller goes around as often as the service lets a call last; nobody needs more.
  for _ = 1, 20 do
    local digits = choose(call)
    if digits == "6" then
      if not call:menu { say = MORE, invalid = INVALID, options = { ["*"] = "back" }, tries = 3, timeout = 15 } then
        break
      end
    elseif digits and digits ~= "9" then
      if forward.to(call, { numbers = numbers_of(digits), say = false, whisper = false, screen = false }) then
        return
      end
      call:say("There is no answer.")
    elseif not digits then
      break
    end
  end
  call:say("Goodbye.")
end
