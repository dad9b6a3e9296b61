-- How often the caller chose is a local of the flow.
return function(call)
  local count = 0
  local choice = call:menu { say = "Red is 1, blue is 2.", options = { "red", "blue" } }
  if choice then
    count += 1
  end
  call:menu { say = `{choice or "nothing"}. Press 1 to go on.`, options = { "on" } }
  call:say(`You chose {count} times.`)
end
