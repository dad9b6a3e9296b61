return function(call)
  math.randomseed(1)
end
