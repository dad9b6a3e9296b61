return function(call)
  local key = call:menu { say = "Press a key.", options = { "sales", "support" } }
  if key == "sales" or key == "support" then call:say("Thanks.") end
end
