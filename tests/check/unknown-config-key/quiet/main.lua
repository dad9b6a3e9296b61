return function(call)
  call:bridge { to = config.agent }
end
