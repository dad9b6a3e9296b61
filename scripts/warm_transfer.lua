-- A warm transfer: the other side hears who calls and takes the call with 1, or the caller hears that nobody does.

return function(call)
  call:say("We connect you with a colleague.")
  for _, number in config.colleagues do
    local leg = call:bridge { to = number, timeout = 15 }
    if leg then
      local accepts = call:menu {
        say = `A call from {call.from}. Press 1 to accept it.`,
        options = { ["1"] = true }, tries = 2, timeout = 4, leg = leg,
      }
      if accepts then
        return
      end
      leg:hangup()
    end
  end
  call:say("Nobody is free just now. Please call again.")
end
