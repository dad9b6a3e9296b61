return function(call)
  call:say(config.ofice.phone)
end
