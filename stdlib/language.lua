-- The caller's language: chosen once, and remembered by number. Costs one invocation where it is asked, none where it is known.

local language = {}

-- One language: the digit that chooses it, its code, the voice that speaks it, and what is said for it in itself.
export type Language = { key: string, language: string, voice: string?, engine: string?, say: string }

-- What can be set: the languages, the first one being the default; `remember = true` keeps the choice with `storage`, by the
-- caller's number, under `prefix` (default: `language/`).
export type Options = { languages: { Language }, remember: boolean?, prefix: string?, tries: number?, timeout: number? }

local function place(call: Call, options: Options): string?
  if not options.remember or not call.from or not string.match(call.from, "^%+%d+$") then
    return nil
  end
  return (options.prefix or "language/") .. string.sub(call.from, 2)
end

local function speak(call: Call, chosen: Language): string
  call.voice = { language = chosen.language, voice = chosen.voice, engine = chosen.engine }
  return chosen.language
end

local function known(options: Options, code: any): Language?
  for _, one in options.languages do
    if one.language == code then
      return one
    end
  end
  return nil
end

-- Has the caller choose, and speaks so from then on (`call.voice`). Returns the code, such as `"es-US"`. A caller who chooses
-- nothing gets the first language. nil and an error where the caller has left.
function language.choose(call: Call, options: Options): (string?, any)
  if type(options) ~= "table" or type(options.languages) ~= "table" or #options.languages == 0 or #options.languages > 9 then
    error("language.choose: wanted { languages = { { key =, language =, say = }, … } }, at most nine", 2)
  end
  local key = place(call, options)
  if key then
    local remembered, err = storage.get(key)
    if err then
      log.warn("the language cannot be looked up", { reason = err.type })
    end
    local one = known(options, remembered)
    if one then
      return speak(call, one)
    end
  end

  local prompts, digits = {}, {}
  for _, one in options.languages do
    table.insert(prompts, { text = one.say, language = one.language, voice = one.voice, engine = one.engine })
    digits[one.key] = one.language
  end
  local code, err = call:menu { say = prompts, options = digits, tries = options.tries or 2, timeout = options.timeout }
  if not code and err.type == "left" then
    return nil, err
  end
  local chosen = known(options, code)
  -- Nobody who pressed nothing has chosen.
  if chosen and key then
    local _, failed = storage.put(key, chosen.language)
    if failed then
      log.warn("the language cannot be kept", { reason = failed.type })
    end
  end
  return speak(call, chosen or options.languages[1])
end

return language
