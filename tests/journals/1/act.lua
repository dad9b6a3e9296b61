-- Builders in a flow: whatever the service can do.
return function(call)
  local event = call:act(action.speak { text = "One" }, action.speak_and_get_digits {
    input_digits_regex = "^[0-9]$", speech_parameters = { text = "A key?" }, failure_speech_parameters = { text = "No." },
    tries = 1, repeat_duration_in_milliseconds = 3000, terminator_digits = { "#" },
  })
  log.info(event and `{event.InvocationEventType} {event.ActionData.ReceivedDigits} {event.ActionData.Parameters.SpeechParameters.Text}` or "none")
  log.info(select(2, pcall(call.act, call, action.hangup {}, action.pause { duration_in_milliseconds = 100 })))
  log.info(select(2, pcall(call.act, call, "speak")))
  log.info(select(2, pcall(call.act, call)))
  local _, err = call:act(action.call_and_bridge {
    caller_id_number = call.from, endpoints = { { bridge_endpoint_type = "PSTN", uri = "+12065550101" } }, call_timeout_seconds = 10,
  })
  local leg = call.legs["LEG-B"]
  log.info(err and err.type or `{leg.tag} {leg.to}`)
  if leg then
    call:wait { timeout = 3 }
    log.info(call:act(action.hangup { call_id = leg.id }) ~= nil)
  end
  call:say("Bye.")
end
