-- Who presses nothing three times hears goodbye.
return function(call)
  local choice
  for _ = 1, 3 do
    choice = choice or call:menu { say = "For sales, press 1.", options = { "sales" }, tries = 1 }
  end
  call:say(if choice then "Thank you." else "Goodbye.")
end
