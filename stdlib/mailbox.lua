-- A mailbox: messages of callers, each an object in storage, and heard again by who knows the PIN.
--
-- Costs four requests to keep a message, and one more for each caller who leaves one within the same moment. To listen costs two
-- requests and two invocations for each message, and one for what is done with it. Who hears more than thirty messages in one call
-- needs `MOONRING_STATE`.

local texts = require("@std/texts")

local mailbox = {}

-- A message: where its recording is, who left it, and when.
export type Message = { key: string, bucket: string?, from: string?, at: number?, is_heard: boolean? }

-- What can be set. `key` is where the messages are in `storage`, each under a number. `most` is how many it keeps (default: 50); the
-- oldest go.
-- `call_back = false` leaves that out; else 4 rings who left the message. `caller_id` is what they see.
export type Options = {
  key: string, most: number?, call_back: boolean?, caller_id: string?, language: string?, texts: { [string]: any }?,
}

-- Every sentence, by language.
mailbox.texts = {
  en = {
    call_back = "To call back, press 4.", none = "There are no more messages.", message = "A message.",
    new = "A new message.",
    choose = "To hear it again, press 1. For the next message, press 2. For the one before, press 3. To delete it, press 7. To end, press star.",
    deleted = "Deleted.", failed = "We are sorry, your messages cannot be found right now.",
    nobody = "Nobody answers there.", bye = "Goodbye.", lost = "This message cannot be played.",
    kept = "This message cannot be deleted right now.",
  },
  es = {
    call_back = "Para devolver la llamada, pulse 4.", none = "No hay más mensajes.", message = "Un mensaje.",
    new = "Un mensaje nuevo.",
    choose = "Para oírlo otra vez, pulse 1. Para el siguiente, pulse 2. Para el anterior, pulse 3. Para borrarlo, pulse 7. Para terminar, pulse asterisco.",
    deleted = "Borrado.", failed = "Lo sentimos, ahora no encontramos sus mensajes.",
    nobody = "Allí no contesta nadie.", bye = "Adiós.", lost = "Este mensaje no se puede reproducir.",
    kept = "Ahora no se puede borrar este mensaje.",
  },
  fr = {
    call_back = "Pour rappeler, tapez 4.", none = "Il n'y a plus de messages.", message = "Un message.",
    new = "Un nouveau message.",
    choose = "Pour le réécouter, tapez 1. Pour le suivant, tapez 2. Pour le précédent, tapez 3. Pour l'effacer, tapez 7. Pour terminer, tapez étoile.",
    deleted = "Effacé.", failed = "Désolés, vos messages sont introuvables pour le moment.",
    nobody = "Personne ne répond.", bye = "Au revoir.", lost = "Ce message ne peut pas être lu.",
    kept = "Ce message ne peut pas être effacé pour le moment.",
  },
  de = {
    call_back = "Zum Zurückrufen drücken Sie 4.", none = "Es gibt keine weiteren Nachrichten.",
    message = "Eine Nachricht.", new = "Eine neue Nachricht.",
    choose = "Zum Wiederholen drücken Sie 1. Für die nächste Nachricht drücken Sie 2. Für die vorige drücken Sie 3. Zum Löschen drücken Sie 7. Zum Beenden drücken Sie Stern.",
    deleted = "Gelöscht.", failed = "Leider sind Ihre Nachrichten gerade nicht zu finden.",
    nobody = "Dort meldet sich niemand.", bye = "Auf Wiederhören.", lost = "Diese Nachricht kann nicht abgespielt werden.",
    kept = "Diese Nachricht kann gerade nicht gelöscht werden.",
  },
}

local CHOICES = { ["1"] = "again", ["2"] = "next", ["3"] = "before", ["4"] = "call back", ["7"] = "delete", ["*"] = "end" }

-- How many callers may leave a message within the same moment.
local TOGETHER = 8

-- How many messages there have been; nil and an error where that is not known.
local function count_of(key: string): (number?, any)
  local count, err = storage.get(`{key}/count`)
  if err then
    return nil, err
  end
  return tonumber(count) or 0
end

-- Keeps a message: what `call:record` or `@std/voicemail` returns. Works in on_hangup too. Returns true; or nil and an error.
function mailbox.keep(call: Call, message: any, options: Options): (boolean?, any)
  local count, err = count_of(options.key)
  if not count then
    return nil, err
  end
  local kept = { key = message.key, bucket = message.bucket, from = call.from, at = time.now() }
  local failed
  for number = count + 1, count + TOGETHER do
    -- Who leaves a message within the same moment takes another number.
    local is_kept, why = storage.put_new(`{options.key}/{number}`, kept)
    if is_kept then
      -- The oldest one goes; that its recording stays, a lifecycle rule of the bucket ends.
      local oldest = number - (options.most or 50)
      if oldest > 0 then
        storage.delete(`{options.key}/{oldest}`)
      end
      -- What is not counted is found all the same.
      local _, uncounted = storage.put(`{options.key}/count`, number)
      if uncounted then
        log.warn("a message is not counted", { reason = uncounted.type })
      end
      return true
    end
    failed = why
    if why.type ~= "conflict" then
      break
    end
  end
  return nil, failed
end

-- The number of the newest message: of several that came within the same moment, the first may have been counted last.
local function newest(options: Options, count: number): number
  for number = count + 1, count + TOGETHER do
    if storage.get(`{options.key}/{number}`) == nil then
      return number - 1
    end
  end
  return count + TOGETHER
end

-- The message with this number, or the next older one that is there; nil where none is, and an error where it cannot be read.
local function message_at(options: Options, from: number): (number?, Message?, any)
  for number = from, math.max(from - (options.most or 50), 1), -1 do
    local message, err = storage.get(`{options.key}/{number}`)
    if err then
      return nil, nil, err
    elseif type(message) == "table" and type(message.key) == "string" then
      return number, message
    end
  end
  return nil, nil
end

-- Rings who left a message. Returns whether they answered.
local function call_back(call: Call, message: Message, options: Options): boolean
  local number = message.from and phone.parse(message.from)
  return number ~= nil and call:bridge { to = number.e164, caller_id = options.caller_id, timeout = 30 } ~= nil
end

-- Marks a message as heard, or takes it away: at once, so that a caller who hangs up has done it. Returns whether that is kept.
local function change(options: Options, number: number, message: Message?): boolean
  local key = `{options.key}/{number}`
  local err
  if message then
    local heard = table.clone(message)
    heard.is_heard = true
    local _, failed = storage.put(key, heard)
    err = failed
  else
    local _, failed = storage.delete(key)
    err = failed
  end
  if err then
    log.warn("what was done with a message is not kept", { reason = err.type })
  end
  return not err
end

-- Plays the messages, the newest first. Ask for a PIN before, with `@std/pin`. Returns how many were played; or nil and an error
-- where they cannot be had. Where the caller was connected with who left one, the second value says `connected`.
function mailbox.open(call: Call, options: Options): (number?, any)
  if type(options) ~= "table" or type(options.key) ~= "string" then
    error('mailbox.open: wanted { key = "mailboxes/…" }', 2)
  end
  local text = texts.of(call, mailbox.texts, options)
  local count, err = count_of(options.key)
  if not count then
    texts.tell(call, text("failed"))
    return nil, err
  end
  local choices = table.clone(CHOICES)
  if options.call_back == false then
    choices["4"] = nil
  end
  local played, at = 0, newest(options, count)
  -- Where the messages before the one at hand are.
  local newer: { number } = {}
  while true do
    local number, message, unread = message_at(options, at)
    if unread then
      texts.tell(call, text("failed"))
      return nil, unread
    elseif not number or not message then
      break
    end
    texts.tell(call, text(if message.is_heard then "message" else "new"))
    call:play { key = message.key, bucket = message.bucket }
    local is_heard, why = call:flush()
    if is_heard then
      played += 1
    else
      log.warn("a message cannot be played", { key = message.key, reason = why.type })
      texts.tell(call, text("lost"))
    end
    if is_heard and not message.is_heard then
      change(options, number, message)
    end
    local offered = choices
    if choices["4"] and message.from and phone.parse(message.from) then
      texts.tell(call, text("call_back"))
    elseif choices["4"] then
      offered = table.clone(choices)
      offered["4"] = nil
    end
    local choice = call:menu(texts.asking(text("choose"), { options = offered, tries = 2, default = "next" }))
    if choice == "next" then
      table.insert(newer, number)
      at = number - 1
    elseif choice == "before" then
      at = table.remove(newer) or number
    elseif choice == "again" then
      at = number
    elseif choice == "delete" then
      if change(options, number) then
        texts.tell(call, text("deleted"))
        at = number - 1
      else
        texts.tell(call, text("kept"))
        at = number
      end
    elseif choice == "call back" then
      if call_back(call, message, options) then
        return played, "connected"
      end
      texts.tell(call, text("nobody"))
      at = number
    else
      texts.tell(call, text("bye"))
      return played
    end
  end
  texts.tell(call, text("none"))
  return played
end

return mailbox
