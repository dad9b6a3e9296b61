return function(call)
  local key = call:menu { say = "Press a key.", options = { "sales", "support" } }
  if key == "sales" or "support" then call:say("Thanks.") end
end
