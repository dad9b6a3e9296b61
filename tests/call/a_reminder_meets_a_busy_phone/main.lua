-- Reminds somebody, and notes why it could not.
return function(call)
  call:on_hangup(function(why)
    log.info("the reminder ends", { why = why, attempt = call.arguments.attempt })
  end)
  call:wait_for_answer()
  call:say("This is a reminder.")
end
