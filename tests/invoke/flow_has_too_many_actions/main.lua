return function(call)
  for number = 1, 10 do call:say("text " .. number) end
  call:pause(1)
  call:ask { say = "?" }
end
