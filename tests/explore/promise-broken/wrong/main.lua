-- The callback is promised, whether or not the number could be kept.
return function(call: Call)
  local digits = call:ask { say = "Please enter your number, and the pound key.", max = 11, tries = 2 }
  if digits == nil then
    call:say("Goodbye.")
    return
  end
  local is_kept, err = storage.put("callbacks/" .. digits, { at = call.started_at })
  if not is_kept then
    log.error("cannot keep the number", { why = err.message })
  end
  call:say("Thank you. We will call you back.")
end
