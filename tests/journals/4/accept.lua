-- A warm transfer: the other side hears who calls, and takes the call with 1.
return function(call)
  call:say("One moment.")
  local leg, err = call:bridge { to = "+12065550101" }
  if not leg then
    call:say(`Nobody answers: {err.type}`)
    return
  end
  local accepted = call:menu {
    say = `A call from {call.from}. Press 1 to accept.`, options = { ["1"] = true }, tries = 2, timeout = 4, leg = leg,
  }
  if accepted then
    log.info("accepted")
    return
  end
  log.info(`hung up: {leg:hangup()}, {leg.status}`)
  call:say("Nobody is there.")
  call:flush()
  call:hangup()
end
