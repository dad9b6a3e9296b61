return function(call)
  choice = 1
end
