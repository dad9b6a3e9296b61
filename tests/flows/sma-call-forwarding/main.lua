-- Call forwarding: a dialled number rings at the destination that the table has for it.
--
-- With LoopGreetingWhileRinging ("True") the caller hears the greeting while it rings there, else once before.

local function prompt(key)
  return { key = key, bucket = config.WavBucketName }
end

-- Where calls for a number go; nil where nobody knows.
local function destination_of(number)
  local reply, err = aws.json {
    service = "dynamodb",
    operation = "GetItem",
    input = { TableName = config.CallForwardingTableName, Key = { dialed_number = { S = number } } },
  }
  if err then
    log.error("no answer from the forwarding table", { reason = tostring(err) })
  end
  return reply and reply.Item and reply.Item.destination_number.S
end

return function(call)
  local greeting = prompt("please_wait_while_we_try_to_connect_you.wav")
  local party = { to = destination_of(call.to), caller_id = call.to }
  if config.LoopGreetingWhileRinging == "True" then
    party.ringback = greeting
  elseif party.to then
    call:play(greeting)
  end
  local leg = party.to and call:bridge(party)
  if not leg then
    call:play(prompt("we_were_unable_to_connect_your_call.wav"))
  end
end
