return function(call)
  call:play("welcom.wav")
  local digits = call:ask { play = { key = "pin.wav" }, min = 4, max = 4 }
  if digits then call:play { key = "night/closed.wav", times = 2 } end
end
