return function(call)
  call:bridge {
    to = config.nummber,
    timeout = 20,
  }
end
