return function(call)
  call.legs.LEG_A:say('x')
end
