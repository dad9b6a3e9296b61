-- Forwarding: numbers that are tried in turn, until somebody takes the call. The service cannot ring several at once.
--
-- Costs an invocation for each number that does not answer, and two for one who takes the call with a digit.

local texts = require("@std/texts")

local forward = {}

-- What can be set. `numbers` are tried in their order, from `first` on and around (default: 1). `timeout` is how long each
-- rings, in seconds (default: 20). With `screen`, who answers takes the call with 1, so that no voicemail of theirs does;
-- default: true. `whisper` is what they hear first; default: who calls. `say` is what the caller hears first; `false` says
-- nothing, for both. `caller_id` is what they see.
export type Options = {
  numbers: { string }, first: number?, timeout: number?, screen: boolean?, whisper: any?, caller_id: string?, say: any?,
  language: string?, texts: { [string]: any }?,
}

-- Every sentence, by language.
forward.texts = {
  en = {
    connecting = "One moment, please.", whisper = "A call from {from}.", unknown = "A call without a number.",
    take = "To take the call, press 1. To decline it, press 2.", connected = "You are connected.",
  },
  es = {
    connecting = "Un momento, por favor.", whisper = "Una llamada de {from}.", unknown = "Una llamada sin número.",
    take = "Para aceptar la llamada, pulse 1. Para rechazarla, pulse 2.", connected = "Están conectados.",
  },
  fr = {
    connecting = "Un instant, s'il vous plaît.", whisper = "Un appel de {from}.", unknown = "Un appel sans numéro.",
    take = "Pour prendre l'appel, tapez 1. Pour le refuser, tapez 2.", connected = "Vous êtes en ligne.",
  },
  de = {
    connecting = "Einen Moment, bitte.", whisper = "Ein Anruf von {from}.", unknown = "Ein Anruf ohne Nummer.",
    take = "Um den Anruf anzunehmen, drücken Sie 1. Um ihn abzulehnen, drücken Sie 2.", connected = "Sie sind verbunden.",
  },
}

local function apart(number: string): string
  return table.concat(string.split(string.gsub(number, "%D", ""), ""), " ")
end

-- Whether who has answered takes the call; nil and an error where they do not, and cannot be let go.
local function is_taken(call: Call, leg: any, options: Options, text: (string) -> any): (boolean?, any)
  local from = call.from
  local known = from and string.match(from, "^%+%d+$")
  local whisper = if options.whisper ~= nil then options.whisper else text(if known then "whisper" else "unknown")
  texts.tell(call, if known then texts.filled(whisper, { from = apart(from) }) else whisper, leg)
  if options.screen == false then
    return true
  end
  local options_of_leg = { options = { ["1"] = "take", ["2"] = "decline" }, tries = 2, leg = leg }
  local answer = call:menu(texts.asking(text("take"), options_of_leg))
  if answer == "take" then
    texts.tell(call, text("connected"), leg)
    return true
  end
  for _ = 1, 2 do
    local is_gone, err = leg:hangup()
    if is_gone or err.type == "left" then
      return false
    end
    log.warn("who declined the call cannot be let go", { reason = err.type })
  end
  return nil, { type = "failed", message = "who declined the call is still on the line" }
end

-- Connects the caller with the first who takes the call. Returns the leg and which number it was; or nil and an error:
-- `no_answer` where nobody took it. What the caller hears first is `say`; default: "One moment, please."
function forward.to(call: Call, options: Options): (any, any)
  if type(options) ~= "table" or type(options.numbers) ~= "table" or #options.numbers == 0 then
    error('forward.to: wanted { numbers = { "+12065550101", … } }', 2)
  end
  local text = texts.of(call, forward.texts, options)
  texts.tell(call, if options.say ~= nil then options.say else text("connecting"))
  local count = #options.numbers
  for tried = 0, count - 1 do
    local place = ((options.first or 1) - 1 + tried) % count + 1
    local leg, err = call:bridge {
      to = options.numbers[place], timeout = options.timeout or 20, caller_id = options.caller_id,
    }
    if leg then
      local taken, why = is_taken(call, leg, options, text)
      if taken then
        return leg, place
      elseif taken == nil then
        return nil, why
      end
    end
    log.info("not connected", { place = place, reason = if leg then "declined" else err.type })
  end
  return nil, { type = "no_answer", message = "nobody took the call" }
end

-- The same, each call beginning with the number after the one that took the last call (round robin). Where it began is kept
-- with `storage` under this key; without it, the first number is first.
function forward.hunt(call: Call, key: string, options: Options): (any, any)
  local last, err = storage.get(key)
  if err then
    log.warn("who took the last call cannot be looked up", { reason = err.type })
  end
  local turned = table.clone(options)
  turned.first = (tonumber(last) or 0) % math.max(#options.numbers, 1) + 1
  local leg, place = forward.to(call, turned)
  if leg then
    local _, failed = storage.put(key, place)
    if failed then
      log.warn("who took this call cannot be kept", { reason = failed.type })
    end
  end
  return leg, place
end

return forward
