return function(call)
  call:say(tostring(math.flor(1.5)))
end
