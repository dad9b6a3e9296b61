-- Everything that is queued: tones, the recording of a call, noise, and a text that is longer than what is spoken at once.
return function(call)
  call:start_recording { prefix = "calls/", track = "incoming" }
  call:voice_focus {}
  call:say(string.rep("This is a sentence of forty-two letters. ", 60))
  call:send_digits "1,2#"
  call:pause_recording()
  call:send_digits { digits = "9", tone = 0.5 }
  call:resume_recording {}
  print(call:flush())
  call:stop_recording { leg = call.legs["LEG-A"] }
  call:voice_focus { on = false }
  local keys = call:ask { say = string.rep("Another long prompt is this one. ", 40), max = 1, invalid = "No." }
  log.info(`{keys}`)
  for _, wrong in { { track = "all" }, { bucket = "" } } do
    log.info(select(2, pcall(call.start_recording, call, wrong)))
  end
  log.info(select(2, pcall(call.send_digits, call, "x")))
end
