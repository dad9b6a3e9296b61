return function(call)
  local leg, err = call:bridge { to = "+12065550101" }
  if not leg and err.type == "no_anwser" then call:say("Nobody answers.") end
end
