return function(call)
  call:say(config.nme)
end
