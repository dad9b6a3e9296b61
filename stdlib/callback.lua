-- Call-backs: callers who do not want to wait hang up, and are called at once.
--
-- Costs an invocation to offer it, and three requests. What makes sure that nobody is called twice, where the service sends the
-- end of a call to two hosts, is `MOONRING_STATE`: without it, a second call is possible.

local texts = require("@std/texts")

local callback = {}

-- What can be set. `prefix` keeps who waits for a call, in `storage`, for `forget` seconds at most (default: 3600). `arguments` are
-- those of the second call, beside `callback`.
export type Options = {
  prefix: string, forget: number?, arguments: { [string]: any }?, language: string?, texts: { [string]: any }?,
}

-- Every sentence, by language.
callback.texts = {
  en = {
    offer = "To be called back, press 1. To stay on the line, press 2.", hang_up = "Please hang up. We will call you right back.",
    twice = "We have your number, and will call you back.", answer = "You asked for a call back. To be connected, press 1.",
  },
  es = {
    offer = "Para que le llamemos, pulse 1. Para esperar, pulse 2.", hang_up = "Cuelgue, por favor. Le llamaremos enseguida.",
    twice = "Tenemos su número y le llamaremos.", answer = "Pidió que le llamáramos. Para hablar con nosotros, pulse 1.",
  },
  fr = {
    offer = "Pour être rappelé, tapez 1. Pour patienter, tapez 2.", hang_up = "Raccrochez, nous vous rappelons tout de suite.",
    twice = "Nous avons votre numéro et nous vous rappellerons.", answer = "Vous vouliez être rappelé. Pour être mis en relation, tapez 1.",
  },
  de = {
    offer = "Für einen Rückruf drücken Sie 1. Um zu warten, drücken Sie 2.", hang_up = "Bitte legen Sie auf. Wir rufen Sie gleich zurück.",
    twice = "Wir haben Ihre Nummer und rufen Sie zurück.", answer = "Sie wollten zurückgerufen werden. Um verbunden zu werden, drücken Sie 1.",
  },
}

local function key_of(options: Options, number: string): string
  return options.prefix .. string.gsub(number, "%D", "")
end

-- Offers a call-back, to callers with a number. Returns true where they want one: let the flow end then, and the call is made as
-- soon as they have hung up. Returns false where they stay; or nil and an error where it cannot be kept.
function callback.offer(call: Call, options: Options): (boolean?, any)
  if type(options) ~= "table" or type(options.prefix) ~= "string" then
    error('callback.offer: wanted { prefix = "callbacks/" }', 2)
  end
  if not phone.parse(call.from) then
    return false
  end
  local text = texts.of(call, callback.texts, options)
  local choice = call:menu(texts.asking(text("offer"), { options = { ["1"] = "call", ["2"] = "stay" }, default = "stay" }))
  if choice ~= "call" then
    return false
  end
  local key = key_of(options, call.from)
  local own = { at = time.now(), call = call.id }
  local is_kept, err = storage.put_new(key, own)
  if not is_kept and err.type == "conflict" then
    local waits, unread = storage.get(key)
    if unread then
      return nil, unread
    end
    -- Who was to be called long ago was not; and an event that comes twice finds what this call has kept.
    local is_other = type(waits) == "table" and type(waits.at) == "number" and waits.call ~= call.id
    if is_other and time.now() - waits.at < (options.forget or 3600) then
      texts.tell(call, text("twice"))
      return true
    end
    is_kept, err = storage.put(key, own)
  end
  if not is_kept then
    return nil, err
  end
  -- As long as they are on the line it would be busy.
  call:on_hangup(function()
    local arguments = table.clone(options.arguments or {})
    arguments.callback = key
    local id, failed = chime.create_call { to = call.from, arguments = arguments }
    log.info("called back", { id = id, reason = failed and failed.type })
    -- `conflict`: another host makes this call.
    if failed and failed.type ~= "conflict" then
      log.error("nobody is called back", { reason = failed.type })
      storage.delete(key)
    end
  end)
  texts.tell(call, text("hang_up"))
  return true
end

-- Whether this call is one that `offer` has made.
function callback.is_one(call: Call): boolean
  return call.direction == "outbound" and call.arguments.callback ~= nil
end

-- On such a call: asks whether the person is there. Returns true where they want to be connected; or nil and an error. The place
-- is given up either way.
function callback.take(call: Call, options: Options): (boolean?, any)
  local text = texts.of(call, callback.texts, options)
  local is_there, err = call:wait_for_answer()
  if type(call.arguments.callback) ~= "string" then
    error("callback.take: this call was not made by callback.offer", 2)
  end
  local _, failed = storage.delete(call.arguments.callback)
  if failed then
    log.warn("a call-back is still kept", { reason = failed.type })
  end
  if not is_there then
    return nil, err
  end
  return call:menu(texts.asking(text("answer"), { options = { ["1"] = true }, tries = 2 }))
end

return callback
