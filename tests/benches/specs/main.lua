-- A call of four events: a menu, an answer, a goodbye.
return function(call)
  local choice = call:menu { say = "For our hours, press 1. For our location, press 2.", options = { "hours", "location" } }
  if choice == "hours" then
    call:say("We are open Monday to Friday, 9 to 5.")
  else
    call:say("We are at 12 Pine Street in Seattle.")
  end
  call:flush()
  call:say("Goodbye.")
end
