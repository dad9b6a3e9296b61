-- What is queued behind a recording that cannot be stopped is not said.
return function(call)
  call:start_recording { bucket = "calls" }
  call:say("This call is recorded.")
  call:flush()
  call:stop_recording()
  call:say("Now we are among ourselves.")
  local keys, err = call:ask { say = "Your number?", max = 4, timeout = 3 }
  log.info(`{keys} {err and err.action}`)
  call:say("Good bye.")
end
