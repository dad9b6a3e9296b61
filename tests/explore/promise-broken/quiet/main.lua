-- Who cannot be called back hears it. What is only counted promises nothing, nor does a try that works.
return function(call: Call)
  storage.put("counts/" .. call.started_at, 1)
  call:say("Welcome. You will now be connected.")
  local digits = call:ask { say = "Please enter your number, and the pound key.", max = 11, tries = 2 }
  if digits == nil then
    call:say("Goodbye.")
    return
  end
  local is_kept = storage.put("callbacks/" .. digits, 1) or storage.put("callbacks/" .. digits, 1)
  if not is_kept then
    call:say("Sorry, we could not take your number. Please call again.")
    return
  end
  call:say("Thank you. We will call you back.")
end
