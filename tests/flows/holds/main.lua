-- Hold until somebody is free: music, keys that work meanwhile, an update that ends it, and a longest time.
return function(call)
  call:say("Please hold.")
  local count = 0
  while true do
    local what, detail = call:wait { digits = "^[0-9*]$", play = "music.wav", timeout = 30 }
    log.info(`{what} {if type(detail) == "table" then detail.agent else tostring(detail)} {os.time() - call.started_at // 1}`)
    if what == "digits" then
      count += 1
      call:say(`You pressed {count} times.`)
      if detail == "*" then
        call:say("Goodbye.")
        return
      end
    elseif what == "update" then
      call:say("Now we connect you.")
      local leg = call:bridge { to = detail.agent }
      if leg then
        local why, who = call:wait()
        log.info(`then {why}: {if type(who) == "table" and who.tag then who.tag else "nobody"}`)
        if why == "left" then
          call:say("The other side has left.")
        end
      end
      return
    else
      call:say("Nobody is free.")
      return
    end
  end
end
