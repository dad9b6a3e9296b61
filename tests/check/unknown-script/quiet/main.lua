return function(call)
  if call.direction == "inbound" then call:become("main") end
end
