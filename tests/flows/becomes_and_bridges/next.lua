-- The next flow, which bridges too.
return function(call)
  local leg, err = call:bridge { to = "+12065550102", timeout = 10 }
  log.info(leg and leg.to or err.type)
  if not leg then call:say("Nobody answered.") end
end
