return function(call)
  call:say("Welcome.")
  local choice = call:menu { say = "Press 1 or 2.", options = { ["1"] = "one", ["2"] = "two" } }
  call:say(`You chose {choice or "nothing"}.`)
end
