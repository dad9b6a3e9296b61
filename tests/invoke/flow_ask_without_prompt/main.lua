return function(call)
  call:ask { max = 4 }
end
