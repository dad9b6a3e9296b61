return function(call)
  call:sya('x')
end
