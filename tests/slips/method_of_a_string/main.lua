return function(call)
  local name = 'ann'
  call:say(name:uper())
end
