-- on_hangup is told who hung up, and with which SIP code.
return function(call)
  call:on_hangup(function(why, ended)
    log.info(`{why}, by the {ended.by}, with {ended.code}`)
  end)
  local choice = call:menu { say = "One?", options = { "script", "end", "bridge" }, tries = 1, default = "end" }
  if choice == "script" then
    call:hangup()
  elseif choice == "bridge" then
    call:bridge { to = "+12065550101" }
  elseif choice then
    call:say("Goodbye.")
  end
end
