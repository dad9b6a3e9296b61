return function(call)
  local leg = call:bridge { to = "+12065550101" }
  call:say(if leg then "Bye." else "Nobody answers.")
end
