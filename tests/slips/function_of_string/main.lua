return function(call)
  call:say(string.uper('x'))
end
