return function(call)
  call:say('Welcome to ' .. config.nme)
end
