-- Whoever does not answer is called again, for ever.
return function(call: Call)
  call:say("One moment, please.")
  local leg
  repeat
    leg = call:bridge { to = "+12065550101", timeout = 20 }
  until leg
  call:say("You are connected.")
end
