-- A menu that the caller knows by heart.
return function(call)
  local choice = call:menu { say = "For sales, press 1. For support, press 2.", options = { ["1"] = "sales", ["2"] = "support" } }
  call:say(`You chose {choice}.`)
end
