-- The time of a wait begins when somebody has answered, not while it rings.
return function(call)
  log.info(call:wait { say = "Hold on.", timeout = 5 })
end
