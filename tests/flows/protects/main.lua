-- A PIN is asked for only where the recording of the call is known to be paused.
return function(call)
  call:start_recording { bucket = "calls" }
  call:say("This call is recorded.")
  call:flush()
  call:pause_recording()
  local pin, err = call:ask { say = "Your PIN?", max = 4, timeout = 3, secret = true }
  log.info(`{if pin then "a PIN" else "no PIN"} {err and err.action}`)
  if not pin then
    log.info(select(2, pcall(call.ask, call, { say = "Your PIN, please?", max = 4, secret = true })))
  end
  call:resume_recording()
  call:say("Good bye.")
end
