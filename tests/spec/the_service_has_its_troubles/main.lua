return function(call)
  call:say("Welcome.")
  local leg, err = call:bridge { to = "+12065550101", timeout = 15 }
  if not leg then
    call:say(`Nobody is there: {err.type}.`)
    local what, update = call:wait { timeout = 30 }
    call:say(if what == "update" then `Hello {update.name}.` else "Goodbye.")
  end
end
