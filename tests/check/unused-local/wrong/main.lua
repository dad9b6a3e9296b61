return function(call)
  local key = call:menu { say = "Press 1.", options = { "one" } }
  call:say("Thanks.")
end
