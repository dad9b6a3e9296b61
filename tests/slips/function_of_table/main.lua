return function(call)
  table.instert({}, 1)
end
