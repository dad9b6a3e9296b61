-- A menu of three levels, and voicemail for those who find nobody.
local function voicemail(call, who)
  call:say(`{who} is not here. Please leave a message after the tone, and press pound.`)
  call:play("tone.wav")
  local recording, err = call:record { max = 60, silence = 5, prefix = "voicemail/" }
  if not recording then
    log.warn(`no message: {err.type}`)
    return
  end
  log.info(`a message for {who}: {recording.key}`)
  call:say("Thank you. You said:")
  call:play(recording)
end

return function(call)
  call:on_hangup(function(why) log.info(`over: {why}`) end)
  call.voice = { voice = "Matthew", engine = "neural" }
  call:say("Welcome to Acme.")
  local area = call:menu { say = "For sales, press 1. For support, press 2.", options = { ["1"] = "sales", ["2"] = "support" } }
  if area == nil then
    call:say("Goodbye.")
    return
  end
  local team = call:menu {
    say = { text = "<speak>Press 1 or 2<break/></speak>", voice = "Joanna" },
    options = { ["1"] = "new", ["2"] = "old" }, default = "new", tries = 1,
  }
  local code, err = call:ask { say = "Your number, please.", min = 4, max = 4, regex = "[0-9]{4}", timeout = 3, invalid = "Four digits." }
  voicemail(call, if code then `{area}, {team}, {code}` else `{area}, {team}, {err.type}`)
end
