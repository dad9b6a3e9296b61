return function(call)
  call.name = "x"
end
