return function(call)
  call:ask { say = "Number?", maximum = 4 }
end
