-- What is said to somebody who is connected, and cannot be said: nobody is hung up for it.
return function(call)
  local leg = call:bridge { to = "+12065550101" }
  if leg then
    call:say("You are connected.")
    if call.from == "+12065550142" then
      local what = call:wait()
      log.info(`then {what}`)
      call:say("Goodbye.")
    end
  end
end
