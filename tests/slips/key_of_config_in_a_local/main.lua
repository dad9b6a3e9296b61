return function(call)
  local number = config.nme
  call:say(number)
end
