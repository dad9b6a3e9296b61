-- Answers every call: a greeting, a menu of two options, and an agent.
return function(call: Call)
  call:say("Welcome to Acme.")
  local choice = call:menu {
    say = "For our hours, press 1. For our location, press 2.", options = { "hours", "location" },
  }
  if choice == "hours" then call:say("We are open Monday to Friday, 9 to 5.") end
  if choice == "location" then call:say("We are at 12 Pine Street in Seattle.") end
  call:say("Please hold for an agent.")
  call:bridge { to = "+12065550101" }
end
