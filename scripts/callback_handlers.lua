-- A call-back, event by event: what callback.lua does from top to bottom.

local function ask(text, keys)
  return action.speak_and_get_digits {
    speech_parameters = { text = text }, failure_speech_parameters = { text = text },
    input_digits_regex = keys, min_number_of_digits = 1, max_number_of_digits = 1, terminator_digits = { "#" },
    tries = 2, repeat_duration_in_milliseconds = 5000,
  }
end

local function connect(call: Call, number)
  return action.call_and_bridge {
    caller_id_number = if call.direction == "inbound" and phone.parse(call.from) then call.from else call.to,
    call_timeout_seconds = 15,
    endpoints = { { bridge_endpoint_type = "PSTN", uri = number } },
  }
end

local function sorry()
  return { action.speak { text = "We are sorry, no one is available right now. Please call again later." }, action.hangup {} }
end

return {
  new_inbound_call = function(_, call)
    -- Who calls without a number cannot be called back.
    if not phone.parse(call.from) then
      return connect(call, config.colleagues[1])
    end
    return ask("Press 1 to be connected, or 2 to be called back.", "^[12]$")
  end,

  call_answered = function()
    return ask("You asked for a call back. Press 1 to be connected.", "^1$")
  end,

  action_successful = {
    speak_and_get_digits = function(event, call)
      if event.ActionData.ReceivedDigits == "1" then
        return connect(call, config.colleagues[1])
      end
      call.attributes.wants = "a call"
      return { action.speak { text = "Please hang up. We will call you right back." }, action.hangup {} }
    end,
    default = function() end,
  },

  action_failed = sorry,

  -- As long as they are on the line it would be busy.
  hangup = function(event, call)
    if call.attributes.wants then
      local id, err = chime.create_call { to = call.from, arguments = { reason = "callback" } }
      log.info("call back", { id = id, reason = err and err.type })
      call.attributes = {}
    end
    for _, leg in call.legs do
      if leg.status == "connected" then
        return action.hangup { call_id = leg.id }
      end
    end
  end,

  -- Ringing, and whatever else comes, changes nothing.
  default = function() end,
}
