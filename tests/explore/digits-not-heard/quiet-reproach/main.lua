-- Digits that were not pressed, and digits of another call.
return function(call: Call)
  local choice = call:menu { say = "For sales, press 1.", options = { "sales" }, tries = 1 }
  if not choice then
    call:say("You did not press one of the keys. Please call us again and press 1.")
    return
  end
  call:say("Goodbye.")
end
