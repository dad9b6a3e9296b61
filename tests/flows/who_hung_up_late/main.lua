-- A script that hangs up behind a party that has left, or that was never there, has not hung up.
return function(call)
  call:on_hangup(function(why, ended)
    log.info(`{why}, by the {ended.by}, with {ended.code}`)
  end)
  if call.direction == "outbound" then
    call:wait_for_answer()
  end
  local keys = call:ask { say = "One for an error?", max = 1 }
  if keys == "1" then
    error("on purpose")
  end
  call:hangup { code = 486 }
end
