return function(call)
  local leg = call:bridge { to = "+12065550101" }
  log.info("connected", { leg = leg.id })
end
