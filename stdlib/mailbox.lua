-- A mailbox: messages of callers, kept in storage, and heard again by who knows the PIN.
--
-- Costs a request to keep a message; to listen, two requests, an invocation for each message and each thing done with it.
-- Two callers at the same moment may overwrite each other's entry in the list; the recordings stay.

local texts = require("@std/texts")

local mailbox = {}

-- A message: where its recording is, who left it, and when.
export type Message = { key: string, bucket: string?, from: string?, at: number?, is_heard: boolean? }

-- What can be set. `key` is where the list is in `storage`. `most` is how many messages it keeps (default: 50); the oldest go.
-- `call_back = false` leaves that out; else 4 rings who left the message. `caller_id` is what they see.
export type Options = {
  key: string, most: number?, call_back: boolean?, caller_id: string?, language: string?, texts: { [string]: any }?,
}

-- Every sentence, by language.
mailbox.texts = {
  en = {
    count = "You have {new} new messages, and {old} old ones.", none = "There are no more messages.", message = "Message {number}.",
    choose = "To hear it again, press 1. For the next message, press 2. For the one before, press 3. To call back, press 4. To delete it, press 7. To end, press star.",
    deleted = "Deleted.", gone = "It cannot be played any more.", failed = "We are sorry, your messages cannot be found right now.",
    nobody = "Nobody answers there.", bye = "Goodbye.",
  },
  es = {
    count = "Tiene {new} mensajes nuevos y {old} antiguos.", none = "No hay más mensajes.", message = "Mensaje {number}.",
    choose = "Para oírlo otra vez, pulse 1. Para el siguiente, pulse 2. Para el anterior, pulse 3. Para devolver la llamada, pulse 4. Para borrarlo, pulse 7. Para terminar, pulse asterisco.",
    deleted = "Borrado.", gone = "Ya no se puede oír.", failed = "Lo sentimos, ahora no encontramos sus mensajes.",
    nobody = "Allí no contesta nadie.", bye = "Adiós.",
  },
  fr = {
    count = "Vous avez {new} nouveaux messages et {old} anciens.", none = "Il n'y a plus de messages.", message = "Message {number}.",
    choose = "Pour le réécouter, tapez 1. Pour le suivant, tapez 2. Pour le précédent, tapez 3. Pour rappeler, tapez 4. Pour l'effacer, tapez 7. Pour terminer, tapez étoile.",
    deleted = "Effacé.", gone = "On ne peut plus l'écouter.", failed = "Désolés, vos messages sont introuvables pour le moment.",
    nobody = "Personne ne répond.", bye = "Au revoir.",
  },
  de = {
    count = "Sie haben {new} neue und {old} alte Nachrichten.", none = "Es gibt keine weiteren Nachrichten.", message = "Nachricht {number}.",
    choose = "Zum Wiederholen drücken Sie 1. Für die nächste Nachricht drücken Sie 2. Für die vorige drücken Sie 3. Zum Zurückrufen drücken Sie 4. Zum Löschen drücken Sie 7. Zum Beenden drücken Sie Stern.",
    deleted = "Gelöscht.", gone = "Sie lässt sich nicht mehr abspielen.", failed = "Leider sind Ihre Nachrichten gerade nicht zu finden.",
    nobody = "Dort meldet sich niemand.", bye = "Auf Wiederhören.",
  },
}

local CHOICES = { ["1"] = "again", ["2"] = "next", ["3"] = "before", ["4"] = "call back", ["7"] = "delete", ["*"] = "end" }

-- The messages under a key, the newest first; nil and an error where they cannot be had.
local function list_of(key: string): ({ Message }?, any)
  local kept, err = storage.get(key)
  if err then
    return nil, err
  end
  return if type(kept) == "table" then kept else {}
end

-- Keeps a message: what `call:record` or `@std/voicemail` returns. Works in on_hangup too. Returns true; or nil and an error.
function mailbox.keep(call: Call, message: any, options: Options): (boolean?, any)
  local list, err = list_of(options.key)
  if not list then
    return nil, err
  end
  table.insert(list, 1, { key = message.key, bucket = message.bucket, from = call.from, at = time.now() })
  while #list > (options.most or 50) do
    table.remove(list)
  end
  return storage.put(options.key, list)
end

local function counted(list: { Message }): { new: string, old: string }
  local new = 0
  for _, message in list do
    new += if message.is_heard then 0 else 1
  end
  return { new = tostring(new), old = tostring(#list - new) }
end

-- Rings who left a message. Returns whether they answered.
local function call_back(call: Call, message: Message, options: Options): boolean
  local number = message.from and phone.parse(message.from)
  return number ~= nil and call:bridge { to = number.e164, caller_id = options.caller_id, timeout = 30 } ~= nil
end

-- Plays the messages, the newest first. Ask for a PIN before, with `@std/pin`. Returns how many there are in the end; or nil and
-- an error where they cannot be had. `connected` is true where the caller was connected with who left one.
function mailbox.open(call: Call, options: Options): (number?, any)
  if type(options) ~= "table" or type(options.key) ~= "string" then
    error('mailbox.open: wanted { key = "mailboxes/…" }', 2)
  end
  local text = texts.of(call, mailbox.texts, options)
  local list, err = list_of(options.key)
  if not list then
    texts.tell(call, text("failed"))
    return nil, err
  end
  local function kept()
    local _, failed = storage.put(options.key, list)
    if failed then
      log.warn("what was done with messages is not kept", { reason = failed.type })
    end
  end
  texts.tell(call, texts.filled(text("count"), counted(list)))
  local number = 1
  while list[number] do
    local message = list[number]
    texts.tell(call, texts.filled(text("message"), { number = tostring(number) }))
    call:play { key = message.key, bucket = message.bucket }
    message.is_heard = true
    local choice = call:menu(texts.asking(text("choose"), { options = CHOICES, tries = 2, default = "next" }))
    if choice == "next" then
      number += 1
    elseif choice == "before" then
      number = math.max(number - 1, 1)
    elseif choice == "delete" then
      table.remove(list, number)
      texts.tell(call, text("deleted"))
    elseif choice == "call back" and options.call_back ~= false then
      if call_back(call, message, options) then
        kept()
        return #list, { type = "connected", message = "the caller is connected" }
      end
      texts.tell(call, text("nobody"))
    elseif choice ~= "again" then
      kept()
      texts.tell(call, text("bye"))
      return #list
    end
  end
  kept()
  texts.tell(call, text("none"))
  return #list
end

return mailbox
