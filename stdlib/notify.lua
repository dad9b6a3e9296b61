-- Notifications: the script calls somebody, says who calls and why, and learns whether they have heard it.
--
-- Costs two or three invocations, and with `prefix` a request before the call and one for who opts out. The service does not
-- tell a person from an answering machine: who presses nothing counts as a machine.

local texts = require("@std/texts")

local notify = {}

-- What can be set. `who` calls, and `message` is what it is about. `prefix` keeps who does not want to be called, in `storage`.
-- `most` is how often it is tried in all (default: 3); `call.arguments.attempt` counts.
export type Options = {
  who: string, message: any, prefix: string?, most: number?, language: string?, texts: { [string]: any }?,
}

-- What became of it: `confirmed`, `declined`, `opted_out`, `machine` or `nobody`; `again` says whether it should be
-- tried again, and then `arguments` are those of the next call.
export type Outcome = { what: string, again: boolean, arguments: { attempt: number } }

-- Every sentence, by language.
notify.texts = {
  en = {
    who = "This is {who}.", confirm = "To confirm, press 1. If you cannot, press 2.",
    opt_out = "If you do not want to be called any more, press 9.", not_kept = "We could not note that. Please tell us another way. Goodbye.",
    confirmed = "Thank you. Goodbye.", declined = "Thank you for telling us. Goodbye.", opted_out = "We will not call you again. Goodbye.",
  },
  es = {
    who = "Le llama {who}.", confirm = "Para confirmar, pulse 1. Si no puede, pulse 2.",
    opt_out = "Si no desea más llamadas, pulse 9.", not_kept = "No hemos podido anotarlo. Díganoslo de otro modo. Adiós.",
    confirmed = "Gracias. Adiós.", declined = "Gracias por avisarnos. Adiós.", opted_out = "No le llamaremos más. Adiós.",
  },
  fr = {
    who = "Ici {who}.", confirm = "Pour confirmer, tapez 1. Si vous ne pouvez pas, tapez 2.",
    opt_out = "Pour ne plus être appelé, tapez 9.", not_kept = "Nous n'avons pas pu le noter. Dites-le-nous autrement. Au revoir.",
    confirmed = "Merci. Au revoir.", declined = "Merci de nous avoir prévenus. Au revoir.", opted_out = "Nous ne vous appellerons plus. Au revoir.",
  },
  de = {
    who = "Hier ist {who}.", confirm = "Zum Bestätigen drücken Sie 1. Wenn Sie verhindert sind, drücken Sie 2.",
    opt_out = "Wenn Sie nicht mehr angerufen werden möchten, drücken Sie 9.", not_kept = "Das konnten wir nicht vermerken. Bitte sagen Sie es uns auf anderem Weg. Auf Wiederhören.",
    confirmed = "Vielen Dank. Auf Wiederhören.", declined = "Danke für die Nachricht. Auf Wiederhören.", opted_out = "Wir rufen Sie nicht mehr an. Auf Wiederhören.",
  },
}


local function key_of(prefix: string, number: string): string
  return prefix .. string.gsub(number, "%D", "")
end

-- Whether somebody has said that they do not want to be called. Who cannot be looked up is taken to have said so.
function notify.is_opted_out(number: string, prefix: string): boolean
  local found, err = storage.get(key_of(prefix, number))
  if err then
    log.warn("whether somebody may be called cannot be looked up", { reason = err.type })
    return true
  end
  return found ~= nil
end

local function outcome(call: Call, options: Options, what: string): Outcome
  local attempt = tonumber(call.arguments.attempt) or 1
  local is_reached = what ~= "machine" and what ~= "nobody"
  return { what = what, again = not is_reached and attempt < (options.most or 3), arguments = { attempt = attempt + 1 } }
end

-- Tells who was called, on an outbound call, and asks them to confirm. Returns what became of it.
function notify.tell(call: Call, options: Options): Outcome
  if type(options) ~= "table" or not options.who or not options.message then
    error("notify.tell: wanted { who =, message = }", 2)
  end
  local text = texts.of(call, notify.texts, options)
  local is_there, err = call:wait_for_answer()
  if not is_there then
    log.info("nobody was reached", { reason = err.type })
    return outcome(call, options, "nobody")
  end
  texts.tell(call, texts.filled(text("who"), { who = options.who }))
  texts.tell(call, options.message)
  local choices = { ["1"] = "confirmed", ["2"] = "declined" }
  -- What cannot be kept is not offered.
  if options.prefix then
    texts.tell(call, text("opt_out"))
    choices["9"] = "opted_out"
  end
  local choice = call:menu(texts.asking(text("confirm"), { options = choices, tries = 2 }))
  if not choice then
    return outcome(call, options, "machine")
  end
  if choice == "opted_out" then
    local _, failed = storage.put(key_of(options.prefix, call.to), true)
    if failed then
      log.error("who does not want to be called is not kept", { reason = failed.type })
      texts.tell(call, text("not_kept"))
      return outcome(call, options, choice)
    end
  end
  texts.tell(call, text(choice))
  return outcome(call, options, choice)
end

return notify
