-- A PIN: asked in confidence, compared without telling where it differs, and locked after too many wrong ones. Costs an
-- invocation for each try, and with `lock` a request before each try and one after a wrong one. Needs `MOONRING_SECRET_KEY`.
-- Calls at the same moment may still have a try each before they see each other's: `verify` with a conditional write of
-- `@std/dynamodb` leaves no such gap.

local digits = require("@std/digits")
local texts = require("@std/texts")

local pin = {}

-- What can be set. `expected` is the PIN; or `verify` says whether one is right (helpers work in it). `length` is how many
-- digits it has (default: 4). `tries` are in this call (default: 3). `lock` counts wrong PINs over calls, under a key of
-- `storage`: after `most` (default: 5) it is locked for `seconds` (default: 3600).
export type Options = {
  expected: string?, verify: ((string) -> boolean)?, length: number?, tries: number?,
  lock: { key: string, most: number?, seconds: number? }?, language: string?, texts: { [string]: any }?,
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
  local text = texts.of(call, pin.texts, options)

  local lock = options.lock
  -- How many wrong PINs there were; nil and an error where that cannot be looked up, or where there were too many.
  local function wrong_so_far(): (number?, any)
    local kept, err = storage.get(lock.key)
    if err then
      -- Who cannot tell whether it is locked lets nobody in.
      log.error("whether a PIN is locked cannot be looked up", { reason = err.type })
      return nil, { type = "denied", message = err.message }
    end
    local wrong = counted(lock, kept).wrong
    if wrong >= (lock.most or 5) then
      texts.tell(call, text("locked"))
      return nil, { type = "locked", message = "too many wrong PINs" }
    end
    return wrong
  end

  local function keep(wrong: number): (boolean, any)
    local _, err = storage.put(lock.key, { wrong = wrong, at = time.now() })
    if err then
      log.error("a wrong PIN cannot be counted", { reason = err.type })
      return false, { type = "denied", message = err.message }
    end
    return true
  end

  if lock then
    local _, why = wrong_so_far()
    if why then
      return nil, why
    end
  end

  local length = options.length or 4
  for try = 1, options.tries or 3 do
    local typed, err = call:ask(texts.asking(text("ask"), {
      min = length, max = length, timeout = 8, tries = 2, secret = true,
    }))
    if not typed then
      return nil, err
    end
    -- Another call may have had its tries meanwhile.
    local wrong, why = 0, nil
    if lock then
      wrong, why = wrong_so_far()
      if not wrong then
        return nil, why
      end
    end
    local is_right
    if options.verify then
      is_right = options.verify(typed)
    else
      is_right = digits.same(typed, options.expected)
    end
    if is_right then
      if wrong > 0 then
        keep(0)
      end
      return true
    end
    log.info("a wrong PIN", { try = try })
    if lock then
      local is_kept, failed = keep(wrong + 1)
      if not is_kept then
        return nil, failed
      end
      if wrong + 1 >= (lock.most or 5) then
        texts.tell(call, text("locked"))
        return nil, { type = "locked", message = "too many wrong PINs" }
      end
    end
    texts.tell(call, text("wrong"))
  end
  return nil, { type = "wrong", message = "no try was right" }
end

return pin
