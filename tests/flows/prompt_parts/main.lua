-- Prompts of several parts: texts are joined, and files follow each other. A digit ends the whole at once.
return function(call)
  local plan = call:menu {
    say = { "Your plan is", "<speak><emphasis>gold</emphasis>.</speak>", "To keep it, press 1. To change it, press 2." },
    options = { "keep", "change" }, tries = 2,
  }
  local language, err = call:menu {
    play = { { key = "english.wav", bucket = "b" }, { key = "spanish.wav", bucket = "b" } },
    invalid = { key = "wrong.wav", bucket = "b" }, options = { "en", "es" }, tries = 2,
  }
  local number = call:ask {
    say = { { key = "chime.wav", bucket = "b" }, "Enter your number, then pound." }, min = 3, max = 6,
  }
  local what, detail = call:wait {
    play = { { key = "music.wav", bucket = "b" }, { text = "You are next." } }, digits = "^[0-9]$", timeout = 30,
  }
  log.info(`{plan} {language} {err and err.type} {number} {what} {detail}`)
  call:say("Goodbye.")
end
