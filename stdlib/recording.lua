-- Recordings of calls that callers know of, and that have no card number in them. Costs an invocation for the
-- question. Asking in confidence needs `MOONRING_SECRET_KEY`.

local texts = require("@std/texts")

local recording = {}

-- What can be set. `say` is the notice; default: one in `language`. `refuse` is the digit that refuses (default: 2), and `bucket`
-- and `prefix` say where the recording goes, as for `call:start_recording`.
export type Options = {
  say: any?, refuse: string?, bucket: string?, prefix: string?, language: string?, texts: { [string]: any }?,
}

-- Every sentence, by language.
recording.texts = {
  en = { notice = "This call is recorded. If you do not want that, press {refuse}.", refused = "This call is not recorded." },
  es = { notice = "Esta llamada se graba. Si no lo desea, pulse {refuse}.", refused = "Esta llamada no se graba." },
  fr = { notice = "Cet appel est enregistré. Si vous ne le voulez pas, tapez {refuse}.", refused = "Cet appel n'est pas enregistré." },
  de = { notice = "Dieser Anruf wird aufgezeichnet. Wenn Sie das nicht möchten, drücken Sie {refuse}.", refused = "Dieser Anruf wird nicht aufgezeichnet." },
}

-- Tells the caller that the call is recorded, and records it unless they refuse. Returns true where it is recorded, false where
-- the caller has refused; or nil and an error where the recording did not begin.
function recording.begin(call: Call, options: Options?): (boolean?, any)
  local given: Options = options or {}
  local refuse = given.refuse or "2"
  local text = texts.of(call, recording.texts, given)
  -- Who says nothing has heard the notice and stays on the line.
  local answer, err = call:menu(texts.asking(texts.filled(given.say or text("notice"), { refuse = refuse }), {
    options = { [refuse] = "refuse" }, tries = 1, timeout = 3, default = "stay",
  }))
  if answer == nil then
    return nil, err
  elseif answer == "refuse" then
    texts.tell(call, text("refused"))
    return false
  end
  call:start_recording { bucket = given.bucket, prefix = given.prefix }
  local is_begun, why = call:flush()
  if not is_begun then
    return nil, why
  end
  return true
end

-- Asks for digits that no recording may have, such as those of a card. The recording is paused before, and resumed after;
-- where it is not known to be paused, nothing is asked. `input` are the options of `call:ask`; `secret = true` is added. Returns
-- what `call:ask` returns.
function recording.ask_in_confidence(call: Call, input: { [string]: any }): (string?, any)
  -- What was queued before may fail, and says nothing of the pause.
  call:flush()
  call:pause_recording()
  local is_paused, why = call:flush()
  if not is_paused then
    call:resume_recording()
    log.error("a recording was not paused, and nothing was asked", { reason = why.type })
    return nil, why
  end
  local asked = table.clone(input)
  asked.secret = true
  local value, err = call:ask(asked)
  call:resume_recording()
  return value, err
end

return recording
