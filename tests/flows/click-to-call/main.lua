-- Click to call: the service dials into a browser's meeting, and bridges it to the number that was asked for, by telephone
-- or through a Voice Connector. Keys pressed in the browser come as updates of the call.

local function party(wanted)
  local number = wanted.RequestedDialNumber
  if wanted.DialVC == "true" then
    local headers = { ["X-RequestorEmail"] = wanted.RequestorEmail }
    return { arn = wanted.RequestedVCArn, uri = number, caller_id = config.FROM_NUMBER, sip_headers = headers }
  end
  return { to = number, caller_id = config.FROM_NUMBER }
end

return function(call)
  -- Whoever leaves, the meeting is over.
  call:on_hangup(function()
    local _, err = aws.json {
      service = "chime-sdk-meetings", operation = "DeleteMeeting", input = { MeetingId = call.arguments.MeetingId },
    }
    if err then
      log.error("the meeting was not deleted", { reason = tostring(err) })
    end
  end)

  local callee, err = call:bridge(party(call.arguments))
  if not callee then
    log.warn("nobody was connected", { reason = err.type })
    call:say("We cannot connect you. Goodbye.")
    return
  end
  while true do
    local what, detail = call:wait()
    if what ~= "update" then
      return
    elseif detail.digit then
      call:send_digits { digits = detail.digit, tone = 0.1, leg = callee }
    end
  end
end
