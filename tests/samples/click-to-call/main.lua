-- Click to call: the service dials into a browser's meeting (LEG-A) and bridges it to the number that was asked for
-- (LEG-B), by telephone or through a Voice Connector. Keys pressed in the browser come as updates of the call.
--
-- What CreateSipMediaApplicationCall asked for is kept in the call's attributes, and so are the ids of both legs.

return {
  new_outbound_call = function(event, call)
    local wanted = call.arguments
    call.attributes = {
      RequestedDialNumber = wanted.RequestedDialNumber,
      RequestedVCArn = wanted.RequestedVCArn,
      RequestorEmail = wanted.RequestorEmail,
      DialVC = wanted.DialVC,
      MeetingId = wanted.MeetingId,
      CallIdLegA = "",
      CallIdLegB = "",
    }
  end,

  -- The meeting has answered: dial the other side.
  call_answered = function(event, call)
    local wanted = call.attributes
    local endpoint = { bridge_endpoint_type = "PSTN", uri = wanted.RequestedDialNumber }
    local sip_headers = nil
    if wanted.DialVC == "true" then
      endpoint.bridge_endpoint_type = "AWS"
      endpoint.arn = wanted.RequestedVCArn
      sip_headers = { ["X-RequestorEmail"] = wanted.RequestorEmail }
    end
    return action.call_and_bridge {
      caller_id_number = config.FROM_NUMBER,
      call_timeout_seconds = 30,
      endpoints = { endpoint },
      sip_headers = sip_headers,
    }
  end,

  action_successful = {
    call_and_bridge = function(event, call)
      call.attributes.CallIdLegA = call.legs["LEG-A"].id
      call.attributes.CallIdLegB = call.legs["LEG-B"].id
    end,
  },

  call_update_requested = function(event, call)
    local callee, digit = call.legs["LEG-B"], event.ActionData.Parameters.Arguments.digit
    if callee == nil or digit == nil then
      return -- a key before the other side is there, or an update that is not about keys
    end
    return action.send_digits { call_id = callee.id, digits = digit, tone_duration_in_milliseconds = 100 }
  end,

  -- Nothing is done, as in the original: whoever is in the meeting stays there until the browser hangs up.
  action_failed = function(event, call)
    log.warn("an action failed", { action = event.ActionData.Type, reason = event.ActionData.ErrorType })
  end,

  -- Whoever leaves, the meeting is over. That also ends LEG-A; LEG-B is hung up here. An id that is still empty means
  -- the leg that has gone, which the service ignores: the original sends it too.
  hangup = function(event, call)
    local reply, err = aws.json {
      service = "chime-sdk-meetings",
      operation = "DeleteMeeting",
      input = { MeetingId = call.attributes.MeetingId },
    }
    if reply == nil then
      log.error("the meeting was not deleted", { type = err.type, code = err.code, message = err.message })
    end
    if event.ActionData.Parameters.ParticipantTag == "LEG-A" then
      return action.hangup { call_id = call.attributes.CallIdLegB }
    end
  end,
}
