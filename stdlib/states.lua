-- State machines of Step Functions.

-- An error that reads as those of the host do.
local function failed(err)
  return setmetatable(err, { __tostring = function() return `{err.type}: {err.message}` end })
end

local states = {}

-- Starts a state machine with an input. Returns the ARN of the execution. The same `name` starts it only once.
function states.start(machine_arn: string, input: any, name: string?): (string?, any)
  local reply, err = aws.json {
    service = "states", operation = "StartExecution",
    input = { stateMachineArn = machine_arn, input = json.encode(input or {}), name = name },
  }
  if not reply then
    return nil, err
  end
  return reply.executionArn
end

-- Runs an express state machine to its end. Returns its output.
function states.run(machine_arn: string, input: any): (any, any)
  local reply, err = aws.json {
    service = "states", operation = "StartSyncExecution", input = { stateMachineArn = machine_arn, input = json.encode(input or {}) },
  }
  if not reply then
    return nil, err
  elseif reply.status ~= "SUCCEEDED" then
    return nil, failed { type = "failed", message = reply.cause or reply.status, code = reply.error }
  end
  return json.decode(reply.output)
end

return states
