return function(call)
  local digits = call:ask { say = "How many?", max = 1 }
  if digits == "1" then call:say("One.") end
end
