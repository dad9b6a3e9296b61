return function(call)
  call.legs['LEG-A']:say('x')
end
