-- What the call becomes.
return function(call, state)
  call:on_hangup(function(why) log.info(`support: {why}`) end)
  log.info(`{state.choice} {state.has_leg} {call.arguments.name or "-"} {math.random(1, 100)}`)
  local leg = call.legs["LEG-B"]
  if leg then
    local what = call:wait { timeout = 5, say = "Talk." }
    print(what, leg.status)
    if what == "timeout" then leg:hangup() end
  end
  local keys = call:ask { say = "And now?", max = 1 }
  if keys == "1" then call:become("support", { choice = "again", has_leg = false }) end
  if keys == "2" then call:become("table", nil) end
end
