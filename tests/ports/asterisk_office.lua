-- An Asterisk office in Spanish: two opening times a day, a holiday with words of its own, a menu, and voicemail.

local forward = require("@std/forward")
local hours = require("@std/hours")
local voicemail = require("@std/voicemail")

local SALES, SUPPORT, OPERATOR = "+34910550101", "+34910550102", "+34910550100"

local WEEK = { mon = "8-14, 16-18", tue = "8-14, 16-18", wed = "8-14, 16-18", thu = "8-14, 16-18", fri = "8-14, 16-18" }
local HOLIDAYS = { "01-01" }

local OPEN: hours.Hours = { zone = "Europe/Madrid", week = WEEK, holidays = HOLIDAYS }
-- The same without holidays: what would be open, were it no holiday.
local USUAL: hours.Hours = { zone = "Europe/Madrid", week = WEEK }

return function(call: Call)
  call.voice = { voice = "Lucia", language = "es-ES" }
  if not hours.is_open(OPEN) then
    call:say(if hours.is_open(USUAL) then "Hoy es festivo." else "Estamos cerrados.")
    voicemail.take(call, { to = "100", bucket = "example-recordings", greeting = false, language = "es", review = false })
    return
  end
  local number = call:menu {
    say = "Para ventas, pulse 1. Para posventa, pulse 2. O espere, y le atiende la centralita.",
    options = { ["1"] = SALES, ["2"] = SUPPORT }, default = OPERATOR, tries = 1, timeout = 20,
  }
  if number and not forward.to(call, { numbers = { number }, say = false, whisper = false, screen = false }) then
    call:say("No contesta nadie. Adiós.")
  end
end
