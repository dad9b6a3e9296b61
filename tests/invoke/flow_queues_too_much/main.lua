return function(call)
  for number = 1, 11 do call:say("text " .. number) end
  call:ask { say = "?" }
end
