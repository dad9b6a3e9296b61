return function(call)
  call:on_hangup(function() log.info("over") end)
  call:say("Goodbye.")
  call:hangup()
end
