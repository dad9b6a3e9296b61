return function(call)
  call:wait()
end
