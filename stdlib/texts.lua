-- Sentences of standard modules: in the caller's language, each replaceable, and audio files in their place. Costs nothing.

local texts = {}

-- Whether a prompt is an audio file: a table with a `key`.
function texts.is_file(prompt: any): boolean
  return type(prompt) == "table" and prompt.key ~= nil
end

-- A function that gives a sentence by its name: the one of `options.texts`, else the one of `all` in `options.language`, else
-- in the language of `call.voice`, else in English.
function texts.of(
  call: Call, all: { [string]: { [string]: any } }, options: { language: string?, texts: { [string]: any }?, [string]: any }
): (string) -> any
  local language = options.language or (call.voice and call.voice.language) or "en"
  local known = all[string.sub(language, 1, 2)] or all.en
  return function(name)
    local own = options.texts and options.texts[name]
    return if own ~= nil then own else known[name]
  end
end

-- A sentence with its {names} filled in. A file stays as it is.
function texts.filled(prompt: any, values: { [string]: string }): any
  return if type(prompt) == "string" then (string.gsub(prompt, "{(%w+)}", values)) else prompt
end

-- Says a sentence, or plays a file; to a leg, where one is given. `false` says nothing.
function texts.tell(call: Call, prompt: any, leg: any?)
  if texts.is_file(prompt) then
    call:play { key = prompt.key, bucket = prompt.bucket, leg = leg }
  elseif prompt and leg then
    call:say { text = prompt, leg = leg }
  elseif prompt then
    call:say(prompt)
  end
end

-- The options of `call:menu` or `call:ask` with this prompt.
function texts.asking(prompt: any, options: { [string]: any }): { [string]: any }
  if texts.is_file(prompt) then
    -- After a file the service wants one for wrong digits, too.
    options.play, options.invalid = prompt, prompt
  else
    options.say = prompt
  end
  return options
end

return texts
