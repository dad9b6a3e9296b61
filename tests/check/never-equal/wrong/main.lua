return function(call)
  local key = call:menu { say = "Press 1 for sales.", options = { ["1"] = "sales" } }
  if key == "1" then call:say("Sales.") end
end
