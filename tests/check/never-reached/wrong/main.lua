return function(call)
  call:say("Goodbye.")
  call:hangup()
  log.info("over")
end
