-- Hold: music until an update comes, with a position, comforting words, and an end.
--
-- Costs an invocation each time the music ends or something is said, so choose files of a minute or more.

local texts = require("@std/texts")

local hold = {}

-- What can be set. `play` is the music, a file of a minute or more. `every` is after how many seconds something is said (default:
-- 60, or 15 without music), `most` after how many it ends (default: 900). `position` gives how many are before the caller, 0 for none, or nil.
-- `digit` lets the caller leave, for a call-back for example; default: none.
export type Options = {
  play: any?, every: number?, most: number?, position: (() -> number?)?, digit: string?, language: string?,
  texts: { [string]: any }?,
}

-- Every sentence, by language.
hold.texts = {
  en = {
    wait = "Please hold the line.", leave = "To be called back, press {digit}.", position = "There are {count} callers before you.",
    next = "You are next.", comfort = "Thank you for waiting.", one = "There is one caller before you.", star = "star", pound = "pound",
  },
  es = {
    wait = "Por favor, espere.", leave = "Para que le llamemos, pulse {digit}.", position = "Hay {count} llamadas antes de la suya.",
    next = "Usted es el siguiente.", comfort = "Gracias por esperar.", one = "Hay una llamada antes de la suya.", star = "asterisco",
    pound = "numeral",
  },
  fr = {
    wait = "Veuillez patienter.", leave = "Pour être rappelé, tapez {digit}.", position = "Il y a {count} appels avant le vôtre.",
    next = "Vous êtes le prochain.", comfort = "Merci de patienter.", one = "Il y a un appel avant le vôtre.", star = "étoile",
    pound = "dièse",
  },
  de = {
    wait = "Bitte bleiben Sie am Apparat.", leave = "Für einen Rückruf drücken Sie {digit}.", position = "Vor Ihnen sind noch {count} Anrufe.",
    next = "Sie sind als Nächstes an der Reihe.", comfort = "Vielen Dank für Ihre Geduld.", one = "Vor Ihnen ist noch ein Anruf.",
    star = "Stern", pound = "Raute",
  },
}

-- Says where the caller stands, and how they may leave.
local function tell_position(call: Call, options: Options, text: (string) -> any)
  local before = options.position and options.position()
  if before == 0 then
    texts.tell(call, text("next"))
  elseif before == 1 then
    texts.tell(call, text("one"))
  elseif before then
    texts.tell(call, texts.filled(text("position"), { count = tostring(before) }))
  end
  if options.digit then
    texts.tell(call, texts.filled(text("leave"), { digit = if options.digit == "*" then text("star") elseif options.digit == "#" then text("pound") else options.digit }))
  end
end

-- Holds the caller. Returns `"update"` and its arguments, or `"digit"`; or nil and an error: `timeout` where it took too long.
function hold.wait(call: Call, options: Options?): (any, any)
  local given: Options = options or {}
  local text = texts.of(call, hold.texts, given)
  local every, most = given.every or (if given.play then 60 else 15), given.most or 900
  local began = time.now()
  texts.tell(call, text("wait"))
  tell_position(call, given, text)
  local digits = given.digit and (if given.digit == "*" then "^[*]$" else `^{given.digit}$`)
  while true do
    local left = most - (time.now() - began)
    if left <= 0 then
      break
    end
    local what, detail = call:wait { play = given.play, digits = digits, timeout = math.max(math.min(every, left), 1) }
    if what == "update" then
      return "update", detail
    elseif what == "digits" then
      return "digit"
    elseif what ~= "timeout" then
      return nil, if what then { type = "left", message = "a leg has ended" } else detail
    end
    if time.now() - began >= most then
      break
    end
    texts.tell(call, text("comfort"))
    tell_position(call, given, text)
  end
  return nil, { type = "timeout", message = "the longest wait is over" }
end

return hold
