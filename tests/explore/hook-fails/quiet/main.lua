-- Only a caller who leaves a message has one.
return function(call)
  local message = {}
  call:on_hangup(function()
    log.info("the call is over", { key = if message.recording then message.recording.key else nil })
  end)
  local choice = call:menu { say = "To leave a message, press 1.", options = { "message" } }
  if choice then
    message.recording = call:record { max = 30, bucket = "messages" }
  end
  call:say("Goodbye.")
end
