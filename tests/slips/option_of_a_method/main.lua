return function(call)
  call:ask { say = 'x', maxx = 4 }
end
