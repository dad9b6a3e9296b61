return function(call)
  local leg, err = call:bridge { to = "+12065550101" }
  if not leg then
    call:say("Nobody answers.")
    log.info("not connected", { reason = err.type })
    return
  end
  log.info("connected", { leg = leg.id })
end
