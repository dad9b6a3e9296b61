return function(call)
  call:say("Welcome.")
  call:pause(1)
  local names
  call:say(names[1])
end
