return function(call)
  call:bridge { to = config.agnet }
end
