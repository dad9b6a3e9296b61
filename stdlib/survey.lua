-- A survey: questions as data, and answers that are kept even if the caller hangs up half-way. Costs an invocation for each
-- question, and with `key` one request at the end.

local texts = require("@std/texts")

local survey = {}

-- One question: what is asked, and what counts as an answer. `from` and `to` are single digits (default: 1 and 5), as a scale;
-- `choices` are answers by digit instead. `optional` goes on without an answer.
export type Question = {
  id: string, say: any, from: number?, to: number?, choices: { [string]: any }?, optional: boolean?,
}

-- What can be set. Answers go to `storage` under `key`, and to `on_done`; `tries` and `timeout` are those of `call:menu`.
export type Options = {
  questions: { Question }, key: string?, on_done: ((answers: { [string]: any }, is_complete: boolean) -> ())?,
  tries: number?, timeout: number?,
}

local function choices_of(question: Question): { [string]: any }
  if question.choices then
    return question.choices
  end
  local found = {}
  for digit = question.from or 1, question.to or 5 do
    found[tostring(digit)] = digit
  end
  return found
end

-- Asks the questions in their order. Returns the answers by id, and whether all were given; or nil and an error where a
-- question that is not optional had no answer. What was answered until then is kept all the same.
function survey.run(call: Call, options: Options): ({ [string]: any }?, any)
  if type(options) ~= "table" or type(options.questions) ~= "table" or #options.questions == 0 then
    error("survey.run: wanted { questions = { { id =, say = }, … } }", 2)
  end
  local answers, is_kept = {}, false
  local function keep(is_complete: boolean)
    if is_kept or next(answers) == nil then
      return
    end
    is_kept = true
    if options.key then
      local _, err = storage.put(options.key, { answers = answers, complete = is_complete, at = time.now() })
      if err then
        log.error("the answers of a survey cannot be kept", { key = options.key, reason = err.type })
      end
    end
    if options.on_done then
      options.on_done(answers, is_complete)
    end
  end
  -- Who hangs up half-way has answered what they have answered.
  call:on_hangup(function() keep(false) end)

  local is_complete = true
  for _, question in options.questions do
    local answer, err = call:menu(texts.asking(question.say, {
      options = choices_of(question), tries = options.tries or 2, timeout = options.timeout,
    }))
    if answer ~= nil then
      answers[question.id] = answer
    elseif question.optional and err.type == "no_input" then
      is_complete = false
    else
      keep(false)
      return nil, err
    end
  end
  keep(is_complete)
  return answers, is_complete
end

return survey
