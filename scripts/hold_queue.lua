-- A queue of one: music until an agent is free, which an update of the call says. Star asks to be called back.

return function(call)
  call:say("All our agents are busy. Please hold, or press star and we call you back.")
  while true do
    local what, detail = call:wait { digits = "^[0-9*#]$", play = { key = "music.wav", bucket = config.audio_bucket }, timeout = 600 }
    if what == "update" and detail.agent then
      call:say("Thank you for waiting.")
      local leg = call:bridge { to = detail.agent, timeout = 15 }
      if leg then
        return
      end
      call:say("We are sorry, you are next.")
    elseif what == "digits" and detail == "*" then
      log.info("call back", { number = call.from })
      call:say("We call you back. Goodbye.")
      return
    elseif what == "timeout" or not what then
      call:say("We are sorry that nobody is free. Please call again.")
      return
    end
  end
end
