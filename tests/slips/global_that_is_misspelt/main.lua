return function(call)
  prnt('x')
end
