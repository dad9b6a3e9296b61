return function(call)
  local _key = call:menu { say = "Press 1.", options = { "one" } }
  call:say("Thanks.")
end
