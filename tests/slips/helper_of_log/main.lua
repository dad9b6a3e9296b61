return function(call)
  log.wran('x')
end
