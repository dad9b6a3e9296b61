return function(call)
  call.legs['LEG_B']:say('x')
end
