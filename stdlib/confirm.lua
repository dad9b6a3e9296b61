-- Yes or no, and input that is read back before it counts. Costs an invocation for each question.

local confirm = {}

-- What can be set. `say` is the question; the keys are said behind it. `yes` and `no` are the digits; default: 1 and 2.
-- `tries` and `timeout` are those of `call:menu`. `texts` replaces sentences; {yes} and {no} are filled in.
export type Options = {
  say: string, yes: string?, no: string?, tries: number?, timeout: number?, language: string?, texts: { [string]: string }?,
}

-- Every sentence, by language.
confirm.texts = {
  en = { keys = "For yes, press {yes}. For no, press {no}.", right = "You entered {value}. Is that right?" },
  es = { keys = "Para sí, pulse {yes}. Para no, pulse {no}.", right = "Ha marcado {value}. ¿Es correcto?" },
  fr = { keys = "Pour oui, tapez {yes}. Pour non, tapez {no}.", right = "Vous avez tapé {value}. Est-ce exact ?" },
  de = { keys = "Für ja drücken Sie {yes}. Für nein drücken Sie {no}.", right = "Ihre Eingabe ist {value}. Ist das richtig?" },
}

local function text(call: Call, options: any, name: string): string
  local spoken = options.language or (call.voice and call.voice.language) or "en"
  local known = confirm.texts[string.sub(spoken, 1, 2)] or confirm.texts.en
  return options.texts and options.texts[name] or known[name]
end

local function filled(pattern: string, values: { [string]: string }): string
  return (string.gsub(pattern, "{(%w+)}", values))
end

-- Asks a question. Returns true or false; or nil and the error of `call:menu`: `no_input`, `left` and the common ones.
function confirm.ask(call: Call, options: Options): (boolean?, any)
  local yes, no = options.yes or "1", options.no or "2"
  local keys = filled(text(call, options, "keys"), { yes = yes, no = no })
  local answer, err = call:menu {
    say = `{options.say} {keys}`, options = { [yes] = "yes", [no] = "no" }, tries = options.tries, timeout = options.timeout,
  }
  if answer == nil then
    return nil, err
  end
  return answer == "yes"
end

-- Collects digits, reads them back, and asks again until the caller says yes; `rounds` times at most (default: 3). `input` are
-- the options of `call:ask`, and `read` makes words of the digits (default: the digits with commas). Returns the digits; or nil
-- and an error, which is `no_input` where the caller never says yes.
function confirm.input(
  call: Call, input: { [string]: any }, options: { read: ((string) -> string)?, rounds: number?, [string]: any }?
): (string?, any)
  local given: any = options or {}
  for _ = 1, given.rounds or 3 do
    local value, err = call:ask(input)
    if not value then
      return nil, err
    end
    local words = if given.read then given.read(value) else table.concat(string.split(value, ""), ", ")
    local question = filled(text(call, given, "right"), { value = words })
    local is_right, why = confirm.ask(call, {
      say = question, yes = given.yes, no = given.no, language = given.language, texts = given.texts,
    })
    if is_right then
      return value
    elseif is_right == nil then
      return nil, why
    end
  end
  return nil, { type = "no_input", message = "the caller has not said yes" }
end

return confirm
