-- A warm transfer: the other side hears who calls and takes the call with 1, or the caller hears that nobody does.

return function(call: Call)
  call:say("Connecting you to an agent.")
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
  call:say("No one is available right now. Please call again later.")
end
