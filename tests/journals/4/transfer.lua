-- Numbers are tried in turn; whoever is left alone afterwards is hung up.
return function(call)
  call:on_hangup(function(why) log.info(`over: {why}`) end)
  for _, number in { "+12065550101", "+12065550102" } do
    local leg, err = call:bridge { to = number, timeout = 20 }
    if leg then
      log.info(`{leg.tag} {leg.to} {leg.status}`)
      return
    end
    log.info(`{number}: {err.type}, {err.action}`)
  end
  call:say("Nobody is free. Goodbye.")
end
