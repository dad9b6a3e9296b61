-- A survey: three questions with keys 1 to 5, an open one that is recorded, and one log line of answers, however the call ends.

local questions = {
  { name = "friendly", say = "How friendly were we? Press a number from 1, not at all, to 5, very." },
  { name = "quick", say = "How quickly did we help you? Press a number from 1, much too slowly, to 5, right away." },
  { name = "again", say = "Would you call us again? Press a number from 1, never, to 5, definitely." },
}

return function(call: Call)
  local answers = { completed = false }
  call:on_hangup(function(why)
    answers.why = why
    log.info("survey", answers)
  end)
  call:say("Thank you for taking our survey. We have three short questions, and then you can leave a comment.")
  for _, question in questions do
    local key, err = call:ask {
      say = question.say, max = 1, regex = "^[1-5]$", tries = 2, invalid = "Sorry, please press a number from 1 to 5.",
    }
    answers[question.name] = if key then tonumber(key) else err.type
  end
  call:say("What could we do better? Please leave a comment after the tone, and press pound when you are done.")
  call:play { key = "tone.wav", bucket = config.audio_bucket }
  local words, err = call:record { max = 90, silence = 5, bucket = config.office.recordings, prefix = "survey/" }
  answers.words = if words then words.key else err.type
  answers.completed = true
  call:say("Thank you for your answers. Goodbye.")
end
