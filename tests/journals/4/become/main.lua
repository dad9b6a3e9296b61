-- A call that changes hands: what is queued is heard first, the other leg stays, and the first flow's hooks are forgotten.
return function(call)
  call:on_hangup(function() log.info("the first flow is over") end)
  local choice = call:menu { say = "One or two?", options = { "desk", "nobody" }, again = "9" }
  if choice == "nobody" then
    call:become("suport")
  end
  local leg = call:bridge { to = "+12065550101", timeout = 10 }
  call:say("You are handed over.")
  call:become("support", { choice = choice, has_leg = leg ~= nil })
end
