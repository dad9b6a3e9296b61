-- Yes or no, and input that is read back before it counts. Costs an invocation for each question.

local texts = require("@std/texts")

local confirm = {}

-- What can be set. `say` is the question; what to press is said behind it. `yes` and `no` are the digits; default: 1 and 2.
-- `tries` and `timeout` are those of `call:menu`. `texts` replaces sentences; {yes} and {no} are filled in.
export type Options = {
  say: string, yes: string?, no: string?, tries: number?, timeout: number?, language: string?, texts: { [string]: string }?,
}

-- Every sentence, by language.
confirm.texts = {
  en = { choice = "For yes, press {yes}. For no, press {no}.", right = "You entered {value}. Is that right?" },
  es = { choice = "Para sí, pulse {yes}. Para no, pulse {no}.", right = "Ha marcado {value}. ¿Es correcto?" },
  fr = { choice = "Pour oui, tapez {yes}. Pour non, tapez {no}.", right = "Vous avez tapé {value}. Est-ce exact ?" },
  de = { choice = "Für ja drücken Sie {yes}. Für nein drücken Sie {no}.", right = "Ihre Eingabe ist {value}. Ist das richtig?" },
}

-- Asks a question. Returns true or false; or nil and the error of `call:menu`: `no_input`, `left` and the common ones.
function confirm.ask(call: Call, options: Options): (boolean?, any)
  local yes, no = options.yes or "1", options.no or "2"
  local choice = texts.filled(texts.of(call, confirm.texts, options)("choice"), { yes = yes, no = no })
  local answer, err = call:menu {
    say = `{options.say} {choice}`, options = { [yes] = "yes", [no] = "no" }, tries = options.tries, timeout = options.timeout,
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
    local question = texts.filled(texts.of(call, confirm.texts, given)("right"), { value = words })
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
