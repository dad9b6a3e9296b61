local function note()
  log.info("over")
end

return function(call)
  call:on_hangup(note)
  call:say("Hello.")
end
