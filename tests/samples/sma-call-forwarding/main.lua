-- Call forwarding: a dialled number rings at the destination that the table has for it.
--
-- With LoopGreetingWhileRinging ("True") the caller hears the greeting while it rings there, else once before.

local function prompt(key)
  return { bucket_name = config.WavBucketName, key = key }
end

local greeting = prompt("please_wait_while_we_try_to_connect_you.wav")

local function apologise()
  return {
    action.play_audio { audio_source = prompt("we_were_unable_to_connect_your_call.wav") },
    action.hangup {},
  }
end

-- Where calls for a number go; nil where nobody knows.
local function destination_of(number)
  local reply, err = aws.json {
    service = "dynamodb",
    operation = "GetItem",
    input = { TableName = config.CallForwardingTableName, Key = { dialed_number = { S = number } } },
  }
  if reply == nil then
    log.error("no answer from the forwarding table", { type = err.type, code = err.code, message = err.message })
    return nil
  end
  return reply.Item and reply.Item.destination_number.S
end

local function bridge(call, destination, ringback_tone)
  return action.call_and_bridge {
    caller_id_number = call.to,
    call_timeout_seconds = 30,
    ringback_tone = ringback_tone,
    endpoints = { { bridge_endpoint_type = "PSTN", uri = destination } },
  }
end

return {
  new_inbound_call = function(event, call)
    local destination = destination_of(call.to)
    if destination == nil then
      return apologise()
    end
    if config.LoopGreetingWhileRinging == "True" then
      return bridge(call, destination, greeting)
    end
    return { action.play_audio { audio_source = greeting }, bridge(call, destination) }
  end,

  action_failed = apologise,
  invalid_lambda_response = apologise,

  -- Whoever is still there when the other has gone is hung up too.
  hangup = function(event, call)
    for _, leg in call.legs do
      if leg.status == "connected" then
        return action.hangup { call_id = leg.id }
      end
    end
  end,
}
