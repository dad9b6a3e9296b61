return function(call)
  call:say('x' .. call.legs['LEG-A'].statu)
end
