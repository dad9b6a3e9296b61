-- What fails is a counter, and what is said is no promise; and a booking that was made before the message failed.
return function(call: Call)
  if not storage.put("bookings/" .. call.id, { at = call.started_at }) then
    call:say("Sorry, we cannot book a table.")
    return
  end
  call:say("Calls are answered in the order they were received.")
  local wants = call:menu { say = "For a text message, press 1.", options = { "text" }, tries = 1 }
  if wants then
    storage.put("messages/" .. call.id, 1)
  end
  call:say("Your table is booked.")
end
