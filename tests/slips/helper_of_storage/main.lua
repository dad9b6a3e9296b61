return function(call)
  storage.putt('a', 1)
end
