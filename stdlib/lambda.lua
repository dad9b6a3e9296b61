-- Other Lambda functions.

-- An error that reads as those of the host do.
local function failed(err)
  return setmetatable(err, { __tostring = function() return `{err.type}: {err.message}` end })
end

local lambda = {}

-- What a function returns for a payload. If the function itself fails, the error's type is `failed`, with the function's message.
function lambda.invoke(name: string, payload: any): (any, any)
  local reply, err = aws.json {
    service = "lambda", operation = "Invoke", input = { FunctionName = name, InvocationType = "RequestResponse", Payload = payload },
  }
  if not reply then
    return nil, err
  elseif reply.FunctionError then
    local told = if type(reply.Payload) == "table" then reply.Payload.errorMessage else nil
    return nil, failed { type = "failed", message = told or "the function failed", code = reply.FunctionError }
  end
  return reply.Payload
end

-- Starts a function without waiting for it.
function lambda.start(name: string, payload: any): (boolean?, any)
  local reply, err = aws.json {
    service = "lambda", operation = "Invoke", input = { FunctionName = name, InvocationType = "Event", Payload = payload },
  }
  return reply and true, err
end

return lambda
