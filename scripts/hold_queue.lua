-- A queue of one: music until an agent is free, which an update of the call says. Star asks to be called back.

local KEYS = "^[0-9*#]$"

return function(call: Call)
  local music = { key = "music.wav", bucket = config.audio_bucket }
  -- What is said in the wait can be cut short by a key; its end, which is where the time is looked at, begins the music.
  local what, detail = call:wait {
    say = "All our agents are busy. Please stay on the line, or press star and we will call you back.", digits = KEYS, timeout = 1,
  }
  local is_held = what == "timeout"
  while true do
    local agent = what == "update" and detail.agent and phone.parse(detail.agent)
    if agent then
      call:say("Thank you for waiting.")
      local leg = call:bridge { to = agent.e164, timeout = 15 }
      if leg then
        return
      end
      call:say("We are sorry, you are next in line.")
    elseif what == "digits" and detail == "*" then
      log.info("call back", { number = call.from })
      call:say("We will call you back. Goodbye.")
      return
    elseif not what or (what == "timeout" and not is_held) then
      call:say("We are sorry that no one is available. Please call again later.")
      return
    end
    is_held = false
    what, detail = call:wait { play = music, digits = KEYS, timeout = 600 }
  end
end
