return function(call)
  call:pause("long")
end
