-- A PIN: asked in confidence, compared without telling where it differs, and locked after too many wrong ones. Costs an
-- invocation for each try, and with `lock` a request before and one after. Needs `MOONRING_SECRET_KEY`.

local digits = require("@std/digits")

local pin = {}

-- What can be set. `expected` is the PIN; or `verify` says whether one is right (helpers work in it). `length` is how many
-- digits it has (default: 4). `tries` are in this call (default: 3). `lock` counts wrong PINs over calls, under a key of
-- `storage`: after `most` (default: 5) it is locked for `seconds` (default: 3600).
export type Options = {
  expected: string?, verify: ((string) -> boolean)?, length: number?, tries: number?,
  lock: { key: string, most: number?, seconds: number? }?, language: string?, texts: { [string]: string }?,
}

-- Every sentence, by language.
pin.texts = {
  en = { ask = "Please enter your PIN.", wrong = "That is not right.", locked = "Your PIN is locked. Please try again later." },
  es = { ask = "Introduzca su PIN.", wrong = "No es correcto.", locked = "Su PIN está bloqueado. Inténtelo más tarde." },
  fr = { ask = "Tapez votre code.", wrong = "Ce n'est pas exact.", locked = "Votre code est bloqué. Réessayez plus tard." },
  de = { ask = "Bitte geben Sie Ihre PIN ein.", wrong = "Das stimmt nicht.", locked = "Ihre PIN ist gesperrt. Versuchen Sie es später." },
}

-- What was counted, as far as it still counts; anything else that lies there counts as nothing.
local function counted(lock: any, kept: any): { wrong: number }
  local is_count = type(kept) == "table" and type(kept.wrong) == "number" and type(kept.at) == "number"
  if not is_count or time.now() >= kept.at + (lock.seconds or 3600) then
    return { wrong = 0 }
  end
  return { wrong = kept.wrong }
end

-- Asks for the PIN. Returns true; or nil and an error, whose type is `wrong` after all tries, `locked`, `denied` where it cannot
-- be looked up whether it is locked, or one of `call:ask`.
function pin.check(call: Call, options: Options): (boolean?, any)
  if type(options) ~= "table" or (not options.expected and not options.verify) then
    error("pin.check: wanted { expected = } or { verify = }", 2)
  end
  local spoken = options.language or (call.voice and call.voice.language) or "en"
  local known = pin.texts[string.sub(spoken, 1, 2)] or pin.texts.en
  local function text(name: string): string
    return options.texts and options.texts[name] or known[name]
  end

  local lock, count = options.lock, nil
  if lock then
    local kept, err = storage.get(lock.key)
    if err then
      -- Who cannot tell whether it is locked lets nobody in.
      log.error("whether a PIN is locked cannot be looked up", { reason = err.type })
      return nil, { type = "denied", message = err.message }
    end
    count = counted(lock, kept)
    if count.wrong >= (lock.most or 5) then
      call:say(text("locked"))
      return nil, { type = "locked", message = "too many wrong PINs" }
    end
  end

  local function keep(wrong: number)
    local _, err = storage.put(lock.key, { wrong = wrong, at = time.now() })
    if err then
      log.error("a wrong PIN cannot be counted", { reason = err.type })
    end
  end

  local length = options.length or 4
  for try = 1, options.tries or 3 do
    local typed, err = call:ask { say = text("ask"), min = length, max = length, timeout = 8, secret = true }
    if not typed then
      return nil, err
    end
    local is_right
    if options.verify then
      is_right = options.verify(typed)
    else
      is_right = digits.same(typed, options.expected)
    end
    if is_right then
      if lock and count.wrong > 0 then
        keep(0)
      end
      return true
    end
    log.info("a wrong PIN", { try = try })
    if lock then
      count.wrong += 1
      keep(count.wrong)
      if count.wrong >= (lock.most or 5) then
        call:say(text("locked"))
        return nil, { type = "locked", message = "too many wrong PINs" }
      end
    end
    call:say(text("wrong"))
  end
  return nil, { type = "wrong", message = "no try was right" }
end

return pin
