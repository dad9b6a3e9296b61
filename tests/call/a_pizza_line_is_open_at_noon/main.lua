-- Opening hours, by the clock of the call.
return function(call)
  local now = time.at("America/Los_Angeles")
  if now.hour >= 9 and now.hour < 17 then
    call:say("We are open.")
  else
    call:say(`We are closed. It is {now.hour} o’clock.`)
  end
end
